package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;

/**
 * Some slices of a mask as bits, every row in words of its own with an empty word at either end, an
 * empty row at either end of a slice, and an empty slice at either end: neighbours need no test for
 * an edge, and a step along any axis is a step over words.
 */
final class VoxelBits {
  private final int slices;
  private final int rows;
  private final int columns;
  private final int rowWords;
  private final int sliceWords;
  private final long[] words;

  private VoxelBits(int slices, int rows, int columns) {
    this.slices = slices;
    this.rows = rows;
    this.columns = columns;
    this.rowWords = (columns + Long.SIZE - 1) / Long.SIZE + 2;
    this.sliceWords = (rows + 2) * rowWords;
    this.words = new long[Math.multiplyExact(slices + 2, sliceWords)];
  }

  /** The slices {@code first..last} of a mask, which become {@code 0..last - first}. */
  static VoxelBits of(BinaryMask mask, int first, int last) {
    GridSize size = mask.size();
    VoxelBits bits = new VoxelBits(last - first + 1, size.rows(), size.columns());
    long[] packed = mask.words();
    int filled = packed.length;
    packed = Arrays.copyOf(packed, filled + bits.rowWords);
    int used = bits.rowWords - 2;
    int spare = used * Long.SIZE - size.columns();
    for (int slice = 0; slice < bits.slices; slice++) {
      for (int row = 0; row < size.rows(); row++) {
        int start = size.index(first + slice, row, 0);
        int word = start / Long.SIZE;
        if (word >= filled) {
          return bits;
        }
        int to = bits.row(slice, row) + 1;
        if (start % Long.SIZE == 0) {
          System.arraycopy(packed, word, bits.words, to, used);
        } else {
          int shift = start % Long.SIZE;
          for (int i = 0; i < used; i++) {
            bits.words[to + i] = packed[word + i] >>> shift | packed[word + i + 1] << -shift;
          }
        }
        bits.words[to + used - 1] &= -1L >>> spare;
      }
    }
    return bits;
  }

  /**
   * The voxels with a face neighbour outside the mask; outside the slices counts as outside, so
   * that the slices must hold the whole mask.
   */
  VoxelBits boundary() {
    VoxelBits boundary = new VoxelBits(slices, rows, columns);
    long[] found = boundary.words;
    for (int i = sliceWords; i < words.length - sliceWords; i++) {
      long voxels = words[i];
      if (voxels != 0) {
        long inside =
            (voxels << 1 | words[i - 1] >>> 63)
                & (voxels >>> 1 | words[i + 1] << 63)
                & words[i - rowWords]
                & words[i + rowWords]
                & words[i - sliceWords]
                & words[i + sliceWords];
        found[i] = voxels & ~inside;
      }
    }
    return boundary;
  }

  int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  int slices() {
    return slices;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  int rowWords() {
    return rowWords;
  }

  /** First word of a row, which is empty; rows -1 and {@link #rows} and such slices are too. */
  int row(int slice, int row) {
    return (slice + 1) * sliceWords + (row + 1) * rowWords;
  }

  long word(int index) {
    return words[index];
  }

  /** The 64 voxels of a row around a column: bit 32 is the column itself. */
  long around(int row, int column) {
    int bit = column + Long.SIZE / 2;
    int word = row + bit / Long.SIZE;
    int shift = bit % Long.SIZE;
    return shift == 0 ? words[word] : words[word] >>> shift | words[word + 1] << -shift;
  }

  /** The first voxel of a row at or after a column, or -1. */
  int next(int row, int column) {
    int word = column / Long.SIZE + 1;
    if (word >= rowWords) {
      return -1;
    }
    long left = words[row + word] & -1L << column;
    while (left == 0) {
      if (++word == rowWords) {
        return -1;
      }
      left = words[row + word];
    }
    return (word - 1) * Long.SIZE + Long.numberOfTrailingZeros(left);
  }
}
