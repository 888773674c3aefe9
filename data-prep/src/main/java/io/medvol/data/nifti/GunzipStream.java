package io.medvol.data.nifti;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of all members of a gzip stream (RFC 1952), one after another. The JDK's stream looks
 * for a further member only where {@code available()} is positive, which a network stream never
 * promises, and does not tell a cut stream from a damaged one: here an early end is an {@link
 * EOFException} and damage a {@link ZipException}. Closing frees the inflater and leaves the source
 * open.
 */
final class GunzipStream extends InputStream {
  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xe0;

  private final InputStream source;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private boolean inMember;
  private boolean finished;

  GunzipStream(InputStream source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!finished) {
      if (!inMember) {
        readMemberHeader();
      }
      int count = inflate(into, offset, length);
      if (count > 0) {
        crc.update(into, offset, count);
        return count;
      }
      readMemberTrailer();
      finished = !anotherMember();
    }
    return -1;
  }

  /** Bytes of the current member, or 0 at its end. */
  private int inflate(byte[] into, int offset, int length) throws IOException {
    try {
      while (true) {
        int count = inflater.inflate(into, offset, length);
        if (count > 0) {
          return count;
        }
        if (inflater.finished()) {
          position = limit - inflater.getRemaining();
          return 0;
        }
        if (inflater.needsDictionary()) {
          throw new ZipException("the deflate stream asks for a preset dictionary");
        }
        if (!fill()) {
          throw new EOFException("the gzip stream ends early");
        }
        inflater.setInput(buffer, 0, limit);
        position = limit;
      }
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException("the deflate stream is damaged: " + e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void readMemberHeader() throws IOException {
    if (next() != 0x1f || next() != 0x8b) {
      throw new ZipException("the gzip member does not begin with its mark");
    }
    int method = next();
    int flags = next();
    if (method != DEFLATE || (flags & FLAGS_RESERVED) != 0) {
      throw new ZipException(
          "the gzip header has method " + method + " and flags " + flags + ", not deflate");
    }
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
    crc.reset();
    inMember = true;
  }

  private void readMemberTrailer() throws IOException {
    long declaredCrc = nextInt();
    long declaredLength = nextInt();
    if (declaredCrc != crc.getValue()) {
      throw new ZipException("the gzip checksum does not match");
    }
    if (declaredLength != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ZipException("the gzip length does not match");
    }
    inMember = false;
  }

  /** Whether a member follows; zeros that pad the stream to a block size are passed over. */
  private boolean anotherMember() throws IOException {
    while (position < limit || fill()) {
      if (buffer[position] != 0) {
        if (buffer[position] != 0x1f) {
          throw new ZipException("bytes that are no gzip member follow the gzip stream");
        }
        return true;
      }
      position++;
    }
    return false;
  }

  private long nextInt() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int read = next();
    while (read != 0) {
      read = next();
    }
  }

  private int next() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException("the gzip stream ends early");
    }
    return buffer[position++] & 0xff;
  }

  private boolean fill() throws IOException {
    int count = source.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(0, count);
    return count > 0;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
