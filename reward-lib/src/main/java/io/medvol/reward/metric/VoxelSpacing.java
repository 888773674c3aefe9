package io.medvol.reward.metric;

import io.medvol.data.volume.VolumeGeometry;
import java.io.Serializable;

/** Distances in millimetres between the centres of neighbouring voxels along each axis. */
public record VoxelSpacing(double slice, double row, double column) implements Serializable {
  public VoxelSpacing {
    if (!(slice > 0 && row > 0 && column > 0) || Double.isInfinite(slice + row + column)) {
      throw new IllegalArgumentException(
          "Spacings must be positive: " + slice + ", " + row + ", " + column + " mm");
    }
  }

  public static VoxelSpacing of(VolumeGeometry geometry) {
    return new VoxelSpacing(
        geometry.affine().spacing(2), geometry.affine().spacing(1), geometry.affine().spacing(0));
  }

  /** Volume of a voxel in millilitres. */
  public double millilitres() {
    return slice * row * column / 1000;
  }
}
