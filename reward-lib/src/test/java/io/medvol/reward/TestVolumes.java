package io.medvol.reward;

import io.medvol.data.volume.Affine;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;

/** Volumes for tests, with voxels of one millimetre. */
public final class TestVolumes {
  private TestVolumes() {}

  public static CtVolume of(GridSize size, short[] hu) {
    Affine affine = Affine.ofRows(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    return new CtVolume(new VolumeGeometry(size, affine), hu);
  }

  public static CtVolume blank(GridSize size) {
    return of(size, new short[size.voxels()]);
  }
}
