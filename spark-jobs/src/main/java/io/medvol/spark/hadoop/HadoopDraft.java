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

/** Writes under a hidden name and renames on close, so that a file appears whole or not at all. */
final class HadoopDraft extends Draft {
  private static final String SUFFIX = ".medvol-unfinished";

  private final FileSystem fileSystem;
  private final Configuration configuration;
  private final Path target;
  private final Path draft;

  private HadoopDraft(FileSystem fileSystem, Configuration configuration, Path target, Path draft)
      throws IOException {
    super(fileSystem.create(draft, false));
    this.fileSystem = fileSystem;
    this.configuration = configuration;
    this.target = target;
    this.draft = draft;
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
  void publish(FSDataOutputStream written) throws IOException {
    boolean published = false;
    try {
      written.close();
      rename();
      published = true;
    } finally {
      if (!published) {
        fileSystem.delete(draft, false);
      }
    }
  }

  @Override
  void discard(FSDataOutputStream unfinished) throws IOException {
    try {
      unfinished.close();
    } finally {
      fileSystem.delete(draft, false);
    }
  }

  private void rename() throws IOException {
    if (!fileSystem.getUri().getScheme().equals("file")) {
      FileContext.getFileContext(fileSystem.getUri(), configuration)
          .rename(draft, target, Options.Rename.OVERWRITE);
    } else if (!fileSystem.rename(draft, target)) {
      throw new IOException("Cannot rename " + draft + " to " + target);
    }
  }
}
