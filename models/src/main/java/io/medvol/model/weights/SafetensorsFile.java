package io.medvol.model.weights;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.SortedMap;

/**
 * Reads a safetensors file: the header at once, the values of a tensor when asked for. Not trusted:
 * whatever the file holds, memory is bounded by its length and a fault is one MALFORMED_DATA.
 * Thread-safe; {@link #close} closes the file.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** What the reference implementation allows. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;

  private final FileVersion version;
  private final FileChannel channel;
  private final long dataStart;
  private final SortedMap<String, TensorEntry> entries;

  private SafetensorsFile(
      FileVersion version,
      FileChannel channel,
      long dataStart,
      SortedMap<String, TensorEntry> entries) {
    this.version = version;
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = entries;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws MedVolException INVALID_INPUT if there is no such file, MALFORMED_DATA if it is not
   *     what it should be
   */
  public static SafetensorsFile open(Path path) {
    LocalStorage.requireFile(path);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      FileVersion version = FileVersion.of(path);
      long size = channel.size();
      long headerBytes = headerBytes(path, channel, size);
      ByteBuffer header = ByteBuffer.allocate((int) headerBytes);
      readFully(channel, header, LENGTH_BYTES);
      long dataStart = LENGTH_BYTES + headerBytes;
      return new SafetensorsFile(
          version,
          channel,
          dataStart,
          SafetensorsHeader.parse(path, header.array(), size - dataStart));
    } catch (NoSuchFileException e) {
      throw new MedVolException(ErrorCode.INVALID_INPUT, "There is no weight file " + path, e);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw unreadable(path, e);
    } catch (MedVolException e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  private static long headerBytes(Path path, FileChannel channel, long size) throws IOException {
    if (size < LENGTH_BYTES) {
      throw malformed(path, "it has only " + size + " bytes");
    }
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, length, 0);
    long bytes = length.getLong(0);
    if (bytes < 2 || bytes > MAX_HEADER_BYTES || bytes > size - LENGTH_BYTES) {
      throw malformed(path, "its header claims " + bytes + " bytes of a file of " + size);
    }
    return bytes;
  }

  public Path path() {
    return version.path();
  }

  /** Which file was opened, and in which state. */
  public FileVersion version() {
    return version;
  }

  /** The tensors by name. */
  public SortedMap<String, TensorEntry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /** Where a tensor begins, counted from the start of the file. */
  long position(TensorEntry entry) {
    return dataStart + entry.begin();
  }

  /**
   * Fills a buffer with bytes of a tensor.
   *
   * @param from first byte, counted from the start of the tensor
   */
  public void read(TensorEntry entry, long from, ByteBuffer target) {
    if (from < 0 || target.remaining() > entry.bytes() - from) {
      throw new IllegalArgumentException(
          target.remaining() + " bytes from " + from + " are not inside " + entry);
    }
    try {
      readFully(channel, target, position(entry) + from);
    } catch (IOException e) {
      throw unreadable(path(), e);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw new IOException("it ends at byte " + at + ", earlier than it did when opened");
      }
      at += read;
    }
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static MedVolException malformed(Path path, String what) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA, path + " is not a valid safetensors file: " + what);
  }

  private static MedVolException unreadable(Path path, IOException cause) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT, "Cannot read " + path + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path(), e);
    }
  }
}
