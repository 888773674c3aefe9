package io.medvol.data.storage;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The disks of this machine. Takes plain paths and {@code file:} URIs. A file under construction
 * has a hidden name beside its final one and is renamed when it is closed; it and its folder are
 * forced to the disk first, so that it is not cut short with the power. Thread-safe.
 */
public final class LocalStorage implements Storage {
  @Override
  public InputStream open(String path) throws IOException {
    Path file = resolve(path);
    try {
      requireFile(path, file);
      return new BufferedInputStream(Files.newInputStream(file));
    } catch (FileSystemException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public SeekableByteChannel openChannel(String path) throws IOException {
    Path file = resolve(path);
    try {
      requireFile(path, file);
      return Files.newByteChannel(file);
    } catch (FileSystemException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public OutputStream create(String path) throws IOException {
    Path file = resolve(path).toAbsolutePath();
    try {
      if (Files.isDirectory(file)) {
        throw new FileAlreadyExistsException(path, null, "a folder is in its place");
      }
      Files.createDirectories(file.getParent());
      return new LocalOutputStream(path, file);
    } catch (FileSystemException e) {
      throw unwritable(path, e);
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
    Path file = resolve(path).toAbsolutePath();
    try {
      Files.createDirectories(file.getParent());
      Path unfinished = LocalOutputStream.unfinished(file);
      Files.write(unfinished, content);
      try {
        // Unlike a rename, a link does not replace what is there.
        Files.createLink(file, unfinished);
      } finally {
        Files.delete(unfinished);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      if (Files.isRegularFile(file)) {
        return false;
      }
      throw unwritable(path, e);
    } catch (FileSystemException e) {
      throw unwritable(path, e);
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(resolve(path));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    Path path = resolve(folder);
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(path)) {
      return children
          .map(child -> child.getFileName().toString())
          .filter(name -> !LocalOutputStream.isUnfinished(name))
          .sorted()
          .toList();
    } catch (FileSystemException e) {
      throw unreadable(folder, e);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Path root = resolve(path);
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(root, new DeletingVisitor());
    } catch (FileSystemException e) {
      throw unwritable(path, e);
    }
  }

  @Override
  public long length(String path) throws IOException {
    try {
      return Files.size(resolve(path));
    } catch (FileSystemException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public Map<String, Long> lengths(String folder) throws IOException {
    Map<String, Long> lengths = new TreeMap<>();
    for (String name : list(folder)) {
      Path child = resolve(folder).resolve(name);
      if (Files.isRegularFile(child)) {
        lengths.put(name, Files.size(child));
      }
    }
    return lengths;
  }

  @Override
  public String version(String path) throws IOException {
    Path file = resolve(path);
    try {
      requireFile(path, file);
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.size()
          + " "
          + attributes.lastModifiedTime()
          + " "
          + Objects.toString(attributes.fileKey(), "");
    } catch (FileSystemException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public void deleteUnfinished(String folder, Set<String> owned) throws IOException {
    Path root = resolve(folder);
    if (!Files.isDirectory(root)) {
      return;
    }
    try {
      Files.walkFileTree(root, new UnfinishedVisitor(root, owned));
    } catch (FileSystemException e) {
      throw unwritable(folder, e);
    }
  }

  static Path resolve(String path) {
    try {
      if (path.startsWith("file:")) {
        // file:/a and file:///a are the same place; a plain Path.of(URI) takes both.
        return Path.of(URI.create(path));
      }
      if (path.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "Path "
                + path
                + " is not on a local disk; give a plain path or a file: URI, or run the job with"
                + " Spark, which reaches other file systems.");
      }
      return Path.of(path);
    } catch (IllegalArgumentException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "'" + path + "' is no path: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Refuses what is there but no regular file: a folder, or a pipe, whose opening would wait for a
   * writer that may never come.
   *
   * @throws MedVolException (INVALID_INPUT) that names it
   */
  public static void requireFile(Path file) {
    requireFile(file.toString(), file);
  }

  private static void requireFile(String path, Path file) {
    if (Files.isDirectory(file)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "Path " + path + " is a folder; a file was expected.");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Path " + path + " is a pipe, a device or a socket; a regular file was expected.");
    }
  }

  static MedVolException unreadable(String path, FileSystemException cause) {
    String reason =
        cause instanceof NoSuchFileException
            ? "does not exist"
            : cause instanceof NotDirectoryException
                ? "is not a folder"
                : cause instanceof AccessDeniedException
                    ? "may not be read by this user"
                    : "cannot be read (" + cause.getReason() + ")";
    return new MedVolException(ErrorCode.INVALID_INPUT, "Path " + path + " " + reason + ".", cause);
  }

  static MedVolException unwritable(String path, FileSystemException cause) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Path "
            + path
            + " cannot be written: "
            + obstacle(cause)
            + "; choose another output or free it.",
        cause);
  }

  private static String obstacle(FileSystemException cause) {
    if (cause instanceof AccessDeniedException) {
      return "this user may not write there";
    }
    if (cause.getReason() != null) {
      return cause.getReason();
    }
    return cause instanceof FileAlreadyExistsException
        ? cause.getFile() + " is a file, not a folder"
        : cause.getFile() + " cannot be made";
  }

  /** Forces the entry of a renamed file to the disk. */
  static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  private static final class DeletingVisitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
