package io.medvol.reward.localisation;

import io.medvol.data.storage.Sha256;
import io.medvol.data.volume.BinaryMask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * The name of a mask in the ledger: SHA-256, in hexadecimal, over its extent (three 32-bit numbers:
 * slices, rows, columns) and the words of {@link BinaryMask#words}, little-endian.
 */
public final class MaskDigest {
  private static final int CHUNK_WORDS = 8192;

  private MaskDigest() {}

  public static String of(BinaryMask mask) {
    MessageDigest digest = Sha256.start();
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
    return Sha256.hex(digest.digest());
  }
}
