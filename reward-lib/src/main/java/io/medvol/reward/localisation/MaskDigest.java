package io.medvol.reward.localisation;

import io.medvol.data.volume.BinaryMask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of a mask in the ledger: SHA-256, in hexadecimal, over its extent (three 32-bit numbers:
 * slices, rows, columns) and the words of {@link BinaryMask#words}, little-endian.
 */
public final class MaskDigest {
  private static final int CHUNK_WORDS = 8192;

  private MaskDigest() {}

  public static String of(BinaryMask mask) {
    MessageDigest digest = sha256();
    ByteBuffer buffer =
        ByteBuffer.allocate(CHUNK_WORDS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(mask.size().slices()).putInt(mask.size().rows()).putInt(mask.size().columns());
    digest.update(buffer.flip());
    long[] words = mask.words();
    for (int from = 0; from < words.length; from += CHUNK_WORDS) {
      int count = Math.min(CHUNK_WORDS, words.length - from);
      buffer.clear();
      buffer.asLongBuffer().put(words, from, count);
      digest.update(buffer.limit(count * Long.BYTES));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
