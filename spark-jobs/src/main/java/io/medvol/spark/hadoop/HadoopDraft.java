package io.medvol.spark.hadoop;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Writes under a hidden name and renames on close, so that a file appears whole or not at all. Not
 * thread-safe.
 */
final class HadoopDraft extends OutputStream {
  private static final String SUFFIX = ".medvol-unfinished";

  private final FileSystem fileSystem;
  private final Configuration configuration;
  private final Path target;
  private final Path draft;
  private final FSDataOutputStream out;
  private boolean failed;
  private boolean closed;

  private HadoopDraft(FileSystem fileSystem, Configuration configuration, Path target, Path draft)
      throws IOException {
    this.fileSystem = fileSystem;
    this.configuration = configuration;
    this.target = target;
    this.draft = draft;
    this.out = fileSystem.create(draft, false);
  }

  static OutputStream open(FileSystem fileSystem, Configuration configuration, Path target)
      throws IOException {
    Path draft =
        new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + SUFFIX);
    return new HadoopDraft(fileSystem, configuration, target, draft);
  }

  static boolean isDraft(String name) {
    return name.startsWith(".") && name.endsWith(SUFFIX);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    boolean published = false;
    try {
      out.close();
      if (!failed) {
        publish();
        published = true;
      }
    } finally {
      if (!published) {
        fileSystem.delete(draft, false);
      }
    }
  }

  private void publish() throws IOException {
    if (!fileSystem.getUri().getScheme().equals("file")) {
      FileContext.getFileContext(fileSystem.getUri(), configuration)
          .rename(draft, target, Options.Rename.OVERWRITE);
    } else if (!fileSystem.rename(draft, target)) {
      throw new IOException("Cannot rename " + draft + " to " + target);
    }
  }
}
