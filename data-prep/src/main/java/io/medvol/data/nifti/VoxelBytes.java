package io.medvol.data.nifti;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored bytes of all voxels, in chunks that are allocated as their bytes arrive: a header that
 * declares more than the file holds costs one chunk.
 */
final class VoxelBytes {
  /** A multiple of every voxel's width, so that no voxel lies across two chunks. */
  private static final int CHUNK = 1 << 20;

  private final List<byte[]> chunks;
  private final ByteOrder order;

  private VoxelBytes(List<byte[]> chunks, ByteOrder order) {
    this.chunks = chunks;
    this.order = order;
  }

  /** What a stream gave: {@code voxels} are whole only if {@code bytes} is the number asked for. */
  record Read(VoxelBytes voxels, long bytes) {}

  static Read read(InputStream in, long bytes, ByteOrder order) throws IOException {
    List<byte[]> chunks = new ArrayList<>();
    long have = 0;
    int missing = 0;
    while (have < bytes && missing == 0) {
      byte[] chunk = new byte[(int) Math.min(CHUNK, bytes - have)];
      int count = in.readNBytes(chunk, 0, chunk.length);
      chunks.add(chunk);
      have += count;
      missing = chunk.length - count;
    }
    return new Read(new VoxelBytes(chunks, order), have);
  }

  /** Decodes consecutive voxels from the one of this index on. */
  void decode(NiftiType type, long first, double[] into) {
    int done = 0;
    while (done < into.length) {
      long at = (first + done) * type.bytes();
      byte[] chunk = chunks.get((int) (at / CHUNK));
      int from = (int) (at % CHUNK);
      int count = Math.min(into.length - done, (chunk.length - from) / type.bytes());
      type.decode(ByteBuffer.wrap(chunk).order(order).position(from), into, done, count);
      done += count;
    }
  }
}
