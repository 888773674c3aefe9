package io.medvol.data.shard;

import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a file in memory until its SHA-256 is known, which becomes part of its name: the file of a
 * later preparation never takes the place of one that a manifest lists. Not thread-safe.
 */
final class Spool extends OutputStream {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int NAME_DIGITS = 16;

  private final List<byte[]> chunks = new ArrayList<>();
  private final MessageDigest digest = Sha256.start();
  private long length;

  /**
   * What was written.
   *
   * @param path below the folder
   */
  record Written(String path, long length, String sha256) {}

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    digest.update(bytes, offset, count);
    int done = 0;
    while (done < count) {
      int used = (int) (length % CHUNK_BYTES);
      if (used == 0) {
        chunks.add(new byte[CHUNK_BYTES]);
      }
      int part = Math.min(CHUNK_BYTES - used, count - done);
      System.arraycopy(bytes, offset + done, chunks.get(chunks.size() - 1), used, part);
      done += part;
      length += part;
    }
  }

  /** Writes the file as {@code stem-DIGITS.ending}, the digits those of its hash, and ends it. */
  Written writeTo(Storage storage, String folder, String stem, String ending) throws IOException {
    String sha256 = Sha256.hex(digest.digest());
    String path = stem + "-" + sha256.substring(0, NAME_DIGITS) + ending;
    try (OutputStream out = storage.create(Storage.join(folder, path))) {
      long left = length;
      for (byte[] chunk : chunks) {
        int part = (int) Math.min(chunk.length, left);
        out.write(chunk, 0, part);
        left -= part;
      }
    }
    return new Written(path, length, sha256);
  }
}
