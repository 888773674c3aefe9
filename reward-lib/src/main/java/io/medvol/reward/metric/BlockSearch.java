package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for the nearest voxel of a mask among blocks of eight by eight by eight voxels, nearest
 * blocks first, and gives up after a fixed number of blocks. Begins with the voxel it found last,
 * beyond which nothing is looked for: of places that follow each other closely, each finds its own
 * in a few blocks. Distances are squared, in millimetres. Not thread-safe.
 */
final class BlockSearch {
  /** The answer where the nearest voxel is further away than was looked. */
  static final double FAR = -1;

  private static final int SIDE = 8;
  private static final int BLOCKS = 2000;

  /** Blocks looked for along an axis, at most. */
  private static final int REACH = 12;

  private static final int NONE = -1;

  /** Of a block from the block of the place, and the squared distance it has at least. */
  private record Offset(int slice, int row, int column, double squared) {}

  private final double sliceMm;
  private final double rowMm;
  private final double columnMm;
  private final int rowsOfBlocks;
  private final int columnsOfBlocks;

  /** Nothing nearer than this was overlooked. */
  private final double horizon;

  private final int[] offsetSlices = new int[BLOCKS];
  private final int[] offsetRows = new int[BLOCKS];
  private final int[] offsetColumns = new int[BLOCKS];
  private final double[] offsetSquared = new double[BLOCKS];

  /** In the padded grid of blocks, from one block to another. */
  private final int[] offsetIndex = new int[BLOCKS];

  /**
   * For each block of the grid, padded by {@code REACH} on every side, where its eight words of
   * eight rows of eight bits begin in {@link #voxels}; {@code NONE} for an empty block.
   */
  private final int[] blocks;

  private final long[] voxels;

  /** The voxel found last; a negative slice if there was none. */
  private int foundSlice = NONE;

  private int foundRow;
  private int foundColumn;

  /** Blocks looked into so far. */
  private long looks;

  BlockSearch(VoxelBits targets, VoxelSpacing spacing) {
    this.sliceMm = spacing.slice();
    this.rowMm = spacing.row();
    this.columnMm = spacing.column();
    this.rowsOfBlocks = padded(targets.rows());
    this.columnsOfBlocks = padded(targets.columns());
    this.blocks = new int[padded(targets.slices()) * rowsOfBlocks * columnsOfBlocks];
    this.voxels = filled(targets);
    List<Offset> offsets =
        IntStream.rangeClosed(-REACH, REACH)
            .boxed()
            .flatMap(
                slice ->
                    IntStream.rangeClosed(-REACH, REACH)
                        .boxed()
                        .flatMap(
                            row ->
                                IntStream.rangeClosed(-REACH, REACH)
                                    .mapToObj(column -> offset(slice, row, column))))
            .sorted(Comparator.comparingDouble(Offset::squared))
            .limit(BLOCKS + 1L)
            .toList();
    for (int i = 0; i < BLOCKS; i++) {
      Offset offset = offsets.get(i);
      offsetSlices[i] = offset.slice() * SIDE;
      offsetRows[i] = offset.row() * SIDE;
      offsetColumns[i] = offset.column() * SIDE;
      offsetSquared[i] = offset.squared();
      offsetIndex[i] =
          (offset.slice() * rowsOfBlocks + offset.row()) * columnsOfBlocks + offset.column();
    }
    double beyond = (REACH * SIDE + 1) * Math.min(sliceMm, Math.min(rowMm, columnMm));
    this.horizon = Math.min(offsets.get(BLOCKS).squared(), beyond * beyond);
  }

  private static int padded(int length) {
    return (length - 1) / SIDE + 1 + 2 * REACH;
  }

  private Offset offset(int slice, int row, int column) {
    double z = least(slice) * sliceMm;
    double y = least(row) * rowMm;
    double x = least(column) * columnMm;
    return new Offset(slice, row, column, z * z + y * y + x * x);
  }

  /** Voxels between a place in one block and any voxel of another, at least. */
  private static int least(int blocks) {
    return blocks == 0 ? 0 : (Math.abs(blocks) - 1) * SIDE + 1;
  }

  private long[] filled(VoxelBits targets) {
    Arrays.fill(blocks, NONE);
    long[] found = new long[64 * SIDE];
    int used = 0;
    for (int slice = 0; slice < targets.slices(); slice++) {
      for (int row = 0; row < targets.rows(); row++) {
        int start = targets.row(slice, row) + 1;
        int shift = row % SIDE * SIDE;
        for (int word = 0; word < targets.rowWords() - 2; word++) {
          long left = targets.word(start + word);
          while (left != 0) {
            int bit = Long.numberOfTrailingZeros(left) / SIDE * SIDE;
            long eight = left >>> bit & 0xff;
            left &= ~(0xffL << bit);
            int block = block(slice, row, word * Long.SIZE + bit);
            if (blocks[block] == NONE) {
              found = used < found.length ? found : Arrays.copyOf(found, 2 * used);
              blocks[block] = used;
              used += SIDE;
            }
            found[blocks[block] + slice % SIDE] |= eight << shift;
          }
        }
      }
    }
    return found;
  }

  private int block(int slice, int row, int column) {
    return ((slice / SIDE + REACH) * rowsOfBlocks + row / SIDE + REACH) * columnsOfBlocks
        + column / SIDE
        + REACH;
  }

  /** Squared distance of the nearest voxel to a place, or {@link #FAR}. */
  double squaredDistance(int slice, int row, int column) {
    int own = block(slice, row, column);
    int inSlice = slice % SIDE;
    int inRow = row % SIDE;
    int inColumn = column % SIDE;
    double best =
        foundSlice == NONE
            ? horizon
            : Math.min(horizon, squared(foundSlice - slice, foundRow - row, foundColumn - column));
    for (int i = 0; i < BLOCKS && offsetSquared[i] < best; i++) {
      int block = blocks[own + offsetIndex[i]];
      if (block != NONE
          && squared(
                  gap(offsetSlices[i], inSlice),
                  gap(offsetRows[i], inRow),
                  gap(offsetColumns[i], inColumn))
              < best) {
        best =
            within(
                block,
                slice - inSlice + offsetSlices[i],
                row - inRow + offsetRows[i],
                column - inColumn + offsetColumns[i],
                slice,
                row,
                column,
                best);
      }
    }
    return best < horizon ? best : FAR;
  }

  /** How many blocks were looked into so far, which is what the search costs. */
  long looks() {
    return looks;
  }

  private double squared(int slices, int rows, int columns) {
    double z = slices * sliceMm;
    double y = rows * rowMm;
    double x = columns * columnMm;
    return z * z + y * y + x * x;
  }

  /** Steps from a place to the block that begins at an offset. */
  private static int gap(int offset, int place) {
    return Math.max(0, Math.max(offset - place, place - offset - (SIDE - 1)));
  }

  /** Looks through the block that begins at the first voxel for what is nearer to the place. */
  private double within(
      int block,
      int firstSlice,
      int firstRow,
      int firstColumn,
      int slice,
      int row,
      int column,
      double limit) {
    looks++;
    double best = limit;
    for (int z = 0; z < SIDE; z++) {
      long plane = voxels[block + z];
      double ofSlice = (firstSlice + z - slice) * sliceMm;
      ofSlice *= ofSlice;
      if (ofSlice >= best) {
        continue;
      }
      while (plane != 0) {
        int y = Long.numberOfTrailingZeros(plane) / SIDE;
        int eight = (int) (plane >>> y * SIDE) & 0xff;
        plane &= ~(0xffL << y * SIDE);
        double ofRow = (firstRow + y - row) * rowMm;
        ofRow = ofSlice + ofRow * ofRow;
        if (ofRow < best) {
          int x = nearest(eight, column - firstColumn);
          double ofColumn = (firstColumn + x - column) * columnMm;
          if (ofRow + ofColumn * ofColumn < best) {
            best = ofRow + ofColumn * ofColumn;
            foundSlice = firstSlice + z;
            foundRow = firstRow + y;
            foundColumn = firstColumn + x;
          }
        }
      }
    }
    return best;
  }

  /** Of eight bits, at least one of them set, the one nearest to a column. */
  private static int nearest(int eight, int column) {
    if (column <= 0) {
      return Integer.numberOfTrailingZeros(eight);
    }
    int last = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(eight);
    if (column >= last) {
      return last;
    }
    int after = column + Integer.numberOfTrailingZeros(eight >>> column);
    int upTo = eight & (1 << column) - 1;
    int before = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(upTo);
    return upTo == 0 || after - column < column - before ? after : before;
  }
}
