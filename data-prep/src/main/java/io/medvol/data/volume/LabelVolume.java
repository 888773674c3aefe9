package io.medvol.data.volume;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A label map in canonical axes: slices head to feet, rows front to back, columns patient right to
 * left; 0 is background, values up to 32767. Immutable by contract: the array is not copied, and
 * whoever hands it over does not write to it again.
 */
public final class LabelVolume {
  private final VolumeGeometry geometry;
  private final short[] labels;

  public LabelVolume(VolumeGeometry geometry, short[] labels) {
    this.geometry = Objects.requireNonNull(geometry, "geometry");
    this.labels = Objects.requireNonNull(labels, "labels");
    if (labels.length != geometry.size().voxels()) {
      throw new IllegalArgumentException(
          labels.length + " labels do not fill a grid of " + geometry.size());
    }
  }

  public VolumeGeometry geometry() {
    return geometry;
  }

  /** The same labels on a grid that differs from theirs by no more than an offset. */
  public LabelVolume on(VolumeGeometry grid) {
    return new LabelVolume(grid, labels);
  }

  public GridSize size() {
    return geometry.size();
  }

  public short label(int slice, int row, int column) {
    return labels[size().index(slice, row, column)];
  }

  /** One slice, {@code [row][column]} in row-major order; a copy. */
  public short[] slice(int slice) {
    int pixels = size().pixelsPerSlice();
    return Arrays.copyOfRange(labels, slice * pixels, (slice + 1) * pixels);
  }

  /** The voxels that carry any of these labels; 0, the background, may be one of them. */
  public BinaryMask mask(Collection<Integer> wanted) {
    BitSet set = new BitSet();
    for (int label : wanted) {
      if (label >= 0 && label <= Short.MAX_VALUE) {
        set.set(label);
      }
    }
    BinaryMask.Builder mask = BinaryMask.builder(size());
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0 && set.get(labels[i])) {
        mask.setIndex(i);
      }
    }
    return mask.build();
  }

  /** The labels that occur, ascending, without the background. */
  public List<Integer> present() {
    BitSet seen = new BitSet();
    for (short label : labels) {
      if (label > 0) {
        seen.set(label);
      }
    }
    return seen.stream().boxed().toList();
  }
}
