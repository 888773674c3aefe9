package io.medvol.grpo.run;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second run out of a run directory on this machine's disks. The operating system holds the
 * lock, so that it ends with the process, however that ends.
 */
public final class RunLock implements AutoCloseable {
  /** Name of the file that is locked. */
  public static final String FILE = "run.lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws MedVolException RESOURCE if another run holds the directory or it cannot be written
   */
  public static RunLock acquire(Path runDirectory) {
    FileChannel channel = null;
    try {
      Files.createDirectories(runDirectory);
      channel =
          FileChannel.open(
              runDirectory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw held(runDirectory, null);
      }
      return new RunLock(channel);
    } catch (OverlappingFileLockException e) {
      release(channel);
      throw held(runDirectory, e);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Cannot write the run directory "
              + runDirectory
              + ": "
              + e.getMessage()
              + ". Give a directory that this user may write.",
          e);
    }
  }

  private static MedVolException held(Path runDirectory, Throwable cause) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Another run is writing to "
            + runDirectory
            + ". Wait for it to end, or give another run directory.",
        cause);
  }

  private static void release(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new MedVolException(ErrorCode.RESOURCE, "Cannot close the run lock", e);
    }
  }

  @Override
  public void close() {
    release(channel);
  }
}
