package io.medvol.model.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read forwards; every length is checked against what is left. */
final class PickleInput {
  private static final int LONGEST_INTEGER = 256;
  private static final int LONGEST_LINE = 4096;

  private final ByteBuffer bytes;

  PickleInput(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int u1() throws PickleException {
    require(1);
    return bytes.get() & 0xff;
  }

  int u2() throws PickleException {
    require(2);
    return bytes.getShort() & 0xffff;
  }

  long i4() throws PickleException {
    require(4);
    return bytes.getInt();
  }

  long u4() throws PickleException {
    return i4() & 0xffffffffL;
  }

  long u8() throws PickleException {
    require(8);
    long value = bytes.getLong();
    if (value < 0) {
      throw PickleException.corrupt("states a length beyond 2^63 in its pickle");
    }
    return value;
  }

  /** Big-endian, as the format has it for this type alone. */
  double f8() throws PickleException {
    require(8);
    return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
  }

  /** A long where it fits, else a BigInteger. */
  Object integer(long length) throws PickleException {
    if (length > LONGEST_INTEGER) {
      throw PickleException.corrupt("holds an integer of " + length + " bytes in its pickle");
    }
    byte[] digits = new byte[(int) length];
    require(length);
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = bytes.get();
    }
    BigInteger value = digits.length == 0 ? BigInteger.ZERO : new BigInteger(digits);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  String text(long length) throws PickleException {
    return text(length, StandardCharsets.UTF_8);
  }

  String text(long length, Charset charset) throws PickleException {
    require(length);
    String text =
        new String(bytes.array(), bytes.arrayOffset() + bytes.position(), (int) length, charset);
    skip(length);
    return text;
  }

  /** Up to the next line feed, which is consumed. */
  String line() throws PickleException {
    int start = bytes.position();
    int limit = Math.min(bytes.limit(), start + LONGEST_LINE);
    for (int i = start; i < limit; i++) {
      if (bytes.get(i) == '\n') {
        String line = text(i - start);
        bytes.get();
        return line;
      }
    }
    throw PickleException.corrupt("names something without end in its pickle");
  }

  void skip(long length) throws PickleException {
    require(length);
    bytes.position(bytes.position() + (int) length);
  }

  /** Fails if fewer bytes are left. */
  void require(long length) throws PickleException {
    if (length > bytes.remaining()) {
      throw new PickleException(
          CheckpointException.Kind.TRUNCATED,
          "ends inside its pickle: "
              + length
              + " bytes wanted at "
              + bytes.position()
              + ", "
              + bytes.remaining()
              + " left");
    }
  }
}
