package io.medvol.spark.cli;

import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * The folder that the launcher made for the temporary files of this process, which only this user
 * can look into: blocks that Spark spills, native libraries, copies of models. It goes with the
 * process; what a killed one left is removed by the next. A lock of the operating system tells the
 * two apart.
 */
final class ScratchFolder implements AutoCloseable {
  private static final String NAMES = "medvol-work-*";
  private static final String LOCK = "alive";

  /** A folder is without a lock while its Java machine starts. */
  private static final Duration STARTING = Duration.ofHours(1);

  private final Path folder;
  private final FileChannel lock;

  private ScratchFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes the folder and removes those of processes that are gone; does nothing where the temporary
   * folder was chosen by the user.
   */
  static ScratchFolder take(Path temporary) {
    Path folder = temporary.toAbsolutePath();
    if (!isScratch(folder)) {
      return new ScratchFolder(null, null);
    }
    try {
      FileChannel lock =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.tryLock();
      removeAbandoned(folder);
      return new ScratchFolder(folder, lock);
    } catch (IOException e) {
      // What needs the folder will say that it cannot be written.
      return new ScratchFolder(null, null);
    }
  }

  private static boolean isScratch(Path folder) {
    return folder.getFileSystem().getPathMatcher("glob:" + NAMES).matches(folder.getFileName());
  }

  private static void removeAbandoned(Path own) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(own.getParent(), NAMES)) {
      for (Path other : folders) {
        if (!other.equals(own) && isOwnersOf(own, other)) {
          removeIfAbandoned(other);
        }
      }
    }
  }

  private static boolean isOwnersOf(Path own, Path other) {
    try {
      return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own));
    } catch (IOException e) {
      return false;
    }
  }

  private static void removeIfAbandoned(Path other) {
    Path alive = other.resolve(LOCK);
    try {
      if (!Files.exists(alive)) {
        Instant changed = Files.getLastModifiedTime(other).toInstant();
        if (changed.isBefore(Instant.now().minus(STARTING))) {
          new LocalStorage().delete(other.toString());
        }
        return;
      }
      try (FileChannel channel = FileChannel.open(alive, StandardOpenOption.WRITE);
          FileLock free = channel.tryLock()) {
        if (free != null) {
          new LocalStorage().delete(other.toString());
        }
      }
    } catch (IOException | RuntimeException e) {
      // Another process removes it at the same time, or the next one will.
      return;
    }
  }

  /** Removes the folder with everything in it. */
  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    try (lock) {
      new LocalStorage().delete(folder.toString());
    } catch (IOException | RuntimeException e) {
      // The next process removes it.
      return;
    }
  }
}
