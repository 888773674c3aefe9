package io.medvol.spark.hadoop;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * Storage on whatever Hadoop knows by the scheme of a path: {@code hdfs}, {@code s3a}, {@code
 * file}. Thread-safe, as Hadoop's file systems are.
 *
 * <p>A file appears by a rename on file systems that have one, and on object stores by the write
 * itself, since an object appears whole when it is closed.
 */
public final class HadoopStorage implements Storage {
  private static final String CONDITIONAL_OVERWRITE = "fs.option.create.conditional.overwrite";
  private static final int MOST_READS = 20;
  private static final String READ_POLICY = "fs.option.openfile.read.policy";
  private static final String RANDOM = "random";
  private static final String WHOLE_FILE = "whole-file";
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "gs", "abfs", "abfss", "oss");

  private final Configuration configuration;

  public HadoopStorage(Configuration configuration) {
    this.configuration = Objects.requireNonNull(configuration, "configuration");
  }

  @Override
  public InputStream open(String path) throws IOException {
    return open(path, fileStatus(path), WHOLE_FILE);
  }

  @Override
  public SeekableByteChannel openChannel(String path) throws IOException {
    FileStatus status = fileStatus(path);
    return new HadoopChannel(open(path, status, RANDOM), status.getLen());
  }

  /** The status saves object stores a request, the policy decides how much a request asks for. */
  private FSDataInputStream open(String path, FileStatus status, String policy) throws IOException {
    CompletableFuture<FSDataInputStream> opened =
        fileSystem(path)
            .openFile(new Path(path))
            .withFileStatus(status)
            .opt(READ_POLICY, policy)
            .build();
    return FutureIO.awaitFuture(opened);
  }

  @Override
  public OutputStream create(String path) throws IOException {
    try {
      FileSystem fileSystem = fileSystem(path);
      Path target = new Path(path);
      if (OBJECT_STORES.contains(fileSystem.getUri().getScheme())) {
        return new ObjectDraft(fileSystem.create(target, true));
      }
      return HadoopDraft.open(fileSystem, configuration, target);
    } catch (FileAlreadyExistsException
        | ParentNotDirectoryException
        | AccessControlException
        | java.nio.file.FileSystemException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Path "
              + path
              + " cannot be written: "
              + e.getMessage()
              + "; choose another output or free it.",
          e);
    }
  }

  @Override
  public void commit(String path, byte[] content) throws IOException {
    try (OutputStream out = create(path)) {
      out.write(content);
    }
  }

  @Override
  public boolean commitNew(String path, byte[] content) throws IOException {
    FileSystem fileSystem = fileSystem(path);
    Path target = new Path(path);
    if (fileSystem.exists(target)) {
      return false;
    }
    try {
      try (OutputStream out = createNew(fileSystem, target)) {
        out.write(content);
      }
      return true;
    } catch (IOException e) {
      if (!fileSystem.exists(target)) {
        throw e;
      }
      // Refused, or written though the answer was lost.
      return Arrays.equals(readAll(path, content.length + 1), content);
    }
  }

  /** The file systems themselves refuse what exists; s3a does so when it is asked to. */
  private static OutputStream createNew(FileSystem fileSystem, Path target) throws IOException {
    if (!fileSystem.getUri().getScheme().equals("s3a")) {
      return fileSystem.create(target, false);
    }
    FSDataOutputStreamBuilder<?, ?> builder = fileSystem.createFile(target);
    builder.create();
    builder.overwrite(true);
    builder.must(CONDITIONAL_OVERWRITE, true);
    return builder.build();
  }

  /** An object that is replaced while it is read gives no more of its old content: read anew. */
  @Override
  public byte[] readAll(String path, int limit) throws IOException {
    for (int attempt = 1; ; attempt++) {
      String before = version(path);
      try {
        return Storage.super.readAll(path, limit);
      } catch (IOException e) {
        if (attempt == MOST_READS || version(path).equals(before)) {
          throw e;
        }
      }
    }
  }

  @Override
  public String version(String path) throws IOException {
    FileStatus status = fileStatus(path);
    String tag = status instanceof EtagSource tagged ? tagged.getEtag() : "";
    return tag + " " + status.getModificationTime() + " " + status.getLen();
  }

  @Override
  public boolean exists(String path) throws IOException {
    try {
      return fileSystem(path).exists(new Path(path));
    } catch (ParentNotDirectoryException e) {
      return false;
    }
  }

  @Override
  public List<String> list(String folder) throws IOException {
    try {
      return Arrays.stream(fileSystem(folder).listStatus(new Path(folder)))
          .map(status -> status.getPath().getName())
          .filter(name -> !HadoopDraft.isDraft(name))
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  @Override
  public void delete(String path) throws IOException {
    fileSystem(path).delete(new Path(path), true);
  }

  @Override
  public long length(String path) throws IOException {
    return fileStatus(path).getLen();
  }

  @Override
  public Map<String, Long> lengths(String folder) throws IOException {
    Map<String, Long> lengths = new TreeMap<>();
    try {
      for (FileStatus status : fileSystem(folder).listStatus(new Path(folder))) {
        String name = status.getPath().getName();
        if (status.isFile() && !HadoopDraft.isDraft(name)) {
          lengths.put(name, status.getLen());
        }
      }
    } catch (FileNotFoundException e) {
      return Map.of();
    }
    return lengths;
  }

  /** Object stores have no drafts: an object that was not closed does not exist. */
  @Override
  public void deleteUnfinished(String folder, Set<String> owned) throws IOException {
    FileSystem fileSystem = fileSystem(folder);
    Path root = new Path(folder);
    if (!OBJECT_STORES.contains(fileSystem.getUri().getScheme()) && fileSystem.exists(root)) {
      deleteDrafts(fileSystem, fileSystem.listStatus(root), owned);
    }
  }

  private static void deleteDrafts(FileSystem fileSystem, FileStatus[] children, Set<String> owned)
      throws IOException {
    for (FileStatus child : children) {
      if (child.isDirectory()) {
        FileStatus[] below = fileSystem.listStatus(child.getPath());
        if (Arrays.stream(below).noneMatch(file -> owned.contains(file.getPath().getName()))) {
          deleteDrafts(fileSystem, below, owned);
        }
      } else if (HadoopDraft.isDraft(child.getPath().getName())) {
        fileSystem.delete(child.getPath(), false);
      }
    }
  }

  private FileStatus fileStatus(String path) throws IOException {
    try {
      FileStatus status = fileSystem(path).getFileStatus(new Path(path));
      if (status.isDirectory()) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT, "Path " + path + " is a folder; a file was expected.");
      }
      return status;
    } catch (FileNotFoundException e) {
      throw new MedVolException(ErrorCode.INVALID_INPUT, "Path " + path + " does not exist.", e);
    } catch (AccessControlException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "Path " + path + " may not be read by this user.", e);
    }
  }

  private FileSystem fileSystem(String path) throws IOException {
    FileSystem fileSystem = new Path(path).getFileSystem(configuration);
    // The local one keeps a checksum file beside every file; nobody else expects those.
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }
}
