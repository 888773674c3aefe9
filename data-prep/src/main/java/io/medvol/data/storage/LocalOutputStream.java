package io.medvol.data.storage;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes under a hidden name, forces to the disk and renames on close. A stream that failed once
 * removes what it wrote instead: half a file never appears under its final name. Not thread-safe.
 */
final class LocalOutputStream extends OutputStream {
  private static final String SUFFIX = ".medvol-unfinished";
  private static final int BUFFER_BYTES = 1 << 16;

  private final String path;
  private final Path target;
  private final Path unfinished;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private boolean failed;
  private boolean closed;

  LocalOutputStream(String path, Path target) throws IOException {
    this.path = path;
    this.target = target;
    this.unfinished = unfinished(target);
    this.channel =
        FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** A hidden name beside the final one. */
  static Path unfinished(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + SUFFIX);
  }

  static boolean isUnfinished(String name) {
    return name.startsWith(".") && name.endsWith(SUFFIX);
  }

  @Override
  public void write(int value) throws IOException {
    if (!buffer.hasRemaining()) {
      drain();
    }
    buffer.put((byte) value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int part = Math.min(buffer.remaining(), length - done);
      buffer.put(bytes, offset + done, part);
      done += part;
    }
  }

  @Override
  public void flush() throws IOException {
    drain();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      if (!failed) {
        drain();
        publish();
      }
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void publish() throws IOException {
    try {
      channel.force(true);
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      LocalStorage.forceFolder(target.getParent());
    } catch (FileSystemException e) {
      throw LocalStorage.unwritable(path, e);
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      failed = true;
      throw writeFailure(path, e);
    } finally {
      buffer.clear();
    }
  }

  /** A channel reports a full disk only in the text of its exception. */
  static MedVolException writeFailure(String path, IOException cause) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Path "
            + path
            + " cannot be written: "
            + cause.getMessage()
            + "; free space there or choose another output.",
        cause);
  }
}
