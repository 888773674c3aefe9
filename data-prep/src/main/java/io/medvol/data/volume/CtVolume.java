package io.medvol.data.volume;

import java.util.Arrays;
import java.util.Objects;

/**
 * A CT in canonical axes: slices head to feet, rows front to back, columns patient right to left,
 * values in Hounsfield units rounded to 16 bits. Immutable by contract: the array is not copied,
 * and whoever hands it over does not write to it again.
 */
public final class CtVolume {
  private final VolumeGeometry geometry;
  private final short[] hu;

  public CtVolume(VolumeGeometry geometry, short[] hu) {
    this.geometry = Objects.requireNonNull(geometry, "geometry");
    this.hu = Objects.requireNonNull(hu, "hu");
    if (hu.length != geometry.size().voxels()) {
      throw new IllegalArgumentException(
          hu.length + " values do not fill a grid of " + geometry.size());
    }
  }

  public VolumeGeometry geometry() {
    return geometry;
  }

  public GridSize size() {
    return geometry.size();
  }

  public short hu(int slice, int row, int column) {
    return hu[size().index(slice, row, column)];
  }

  /** One slice, {@code [row][column]} in row-major order; a copy. */
  public short[] slice(int slice) {
    int n = size().pixelsPerSlice();
    return Arrays.copyOfRange(hu, slice * n, (slice + 1) * n);
  }
}
