package io.medvol.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages files as broken disks, cut transfers and attackers do. Equal seeds give equal damage. Not
 * for several threads at once.
 */
public final class FileMutator {
  private static final int MOST_CHANGES = 4;
  private static final int HEAD_BYTES = 2048;
  private static final int LONGEST_SPAN = 256;
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    1L << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "false",
          "[]",
          "{}",
          "\"\"",
          "NaN",
          "1e999",
          "-1e-999",
          "0.5",
          "\\u0000",
          "99999999999999999999999",
          "[[[[[[[[",
          "{\"a\":{\"a\":{\"a\":",
          "../",
          "\"",
          ",",
          ":");

  private final Random random;

  public FileMutator(long seed) {
    this.random = new Random(seed);
  }

  /**
   * A damaged copy of a file, with one to four changes.
   *
   * @param vocabulary texts of the format that are put in now and then, a byte each character
   */
  public byte[] mutate(byte[] file, List<String> vocabulary) {
    byte[] bytes = file;
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes, vocabulary);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes, List<String> vocabulary) {
    int at = place(bytes.length);
    int span = Math.min(1 + random.nextInt(LONGEST_SPAN), bytes.length - at);
    return switch (random.nextInt(12)) {
      case 0 -> flipped(bytes, at);
      case 1 -> overwritten(bytes, at, new byte[] {(byte) random.nextInt()});
      case 2 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 3 -> spliced(bytes, bytes.length, 0, random(1 + random.nextInt(64)));
      case 4 -> spliced(bytes, at, span, new byte[0]);
      case 5 -> spliced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + span));
      case 6 -> overwritten(bytes, at, new byte[span]);
      case 7 -> overwritten(bytes, at, binaryNumber());
      case 8 -> spliced(bytes, at, 0, text(WORDS));
      case 9 -> vocabulary.isEmpty() ? flipped(bytes, at) : spliced(bytes, at, 0, text(vocabulary));
      case 10 -> withOtherNumber(bytes, at);
      default -> withOtherString(bytes, at, vocabulary);
    };
  }

  /** The head and the tail hold what the rest depends on. */
  private int place(int length) {
    if (length == 0) {
      return 0;
    }
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(length);
      case 1 -> length - 1 - random.nextInt(Math.min(length, HEAD_BYTES));
      default -> random.nextInt(Math.min(length, HEAD_BYTES));
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    if (copy.length > 0) {
      copy[at] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private static byte[] overwritten(byte[] bytes, int at, byte[] content) {
    byte[] copy = bytes.clone();
    System.arraycopy(content, 0, copy, at, Math.min(content.length, copy.length - at));
    return copy;
  }

  private static byte[] spliced(byte[] bytes, int at, int removed, byte[] inserted) {
    return ByteBuffer.allocate(bytes.length - removed + inserted.length)
        .put(bytes, 0, at)
        .put(inserted)
        .put(bytes, at + removed, bytes.length - at - removed)
        .array();
  }

  private byte[] binaryNumber() {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    ByteBuffer buffer =
        ByteBuffer.allocate(random.nextBoolean() ? Long.BYTES : Integer.BYTES)
            .order(random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return buffer.capacity() == Long.BYTES
        ? buffer.putLong(number).array()
        : buffer.putInt((int) number).array();
  }

  /** Replaces the next run of digits. */
  private byte[] withOtherNumber(byte[] bytes, int from) {
    int start = from;
    while (start < bytes.length && !isDigit(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < bytes.length && isDigit(bytes[end])) {
      end++;
    }
    byte[] number = ascii(Long.toString(NUMBERS[random.nextInt(NUMBERS.length)]));
    return spliced(bytes, start, end - start, number);
  }

  /** Replaces what stands between the next two quotation marks. */
  private byte[] withOtherString(byte[] bytes, int from, List<String> vocabulary) {
    int start = next(bytes, from);
    int end = next(bytes, start + 1);
    if (end >= bytes.length) {
      return flipped(bytes, from);
    }
    List<String> texts = new ArrayList<>(WORDS);
    texts.addAll(vocabulary);
    return spliced(bytes, start + 1, end - start - 1, text(texts));
  }

  private static int next(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '"') {
      at++;
    }
    return at;
  }

  private byte[] text(List<String> texts) {
    byte[] one = texts.get(random.nextInt(texts.size())).getBytes(StandardCharsets.ISO_8859_1);
    // A deep nest is only deep when repeated.
    int times = random.nextInt(16) == 0 ? 1 + random.nextInt(2000) : 1;
    ByteBuffer repeated = ByteBuffer.allocate(one.length * times);
    for (int i = 0; i < times; i++) {
      repeated.put(one);
    }
    return repeated.array();
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }
}
