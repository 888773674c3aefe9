package io.medvol.data.phantom;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.volume.GridSize;
import java.io.Serializable;

/** Which phantoms are made. */
@ConfigDescription("Synthetic abdomens for trying the platform without patient data.")
public record PhantomConfig(
    @ConfigDescription("Volumes to make; at least 1.") int volumes,
    @ConfigDescription("Two sets with different seeds share no volume.") long seed,
    @ConfigDescription("Slices from head to feet; 8 to 512.") int slices,
    @ConfigDescription("Rows from front to back; 24 to 1024.") int rows,
    @ConfigDescription("Columns from patient right to left; 24 to 1024.") int columns,
    @ConfigDescription(
            "The dial of difficulty: how far organ centres wander, as a fraction of the side, 0"
                + " to 0.12. Near 0 one constant answer per organ does well.")
        double centreJitter,
    @ConfigDescription("Standard deviation of the noise in HU; 0 to 200.") double noise,
    @ConfigDescription("Share of volumes with a tumour or a cyst; 0 to 1.") double lesionShare,
    @ConfigDescription(
            "How far the whole body lies off the middle of the field, as a fraction of the side, 0"
                + " to 0.1, and twice as far along the body: how patients lie and where scans"
                + " begin. 0 keeps it in the middle.")
        double bodyShift)
    implements Serializable {
  public PhantomConfig {
    ConfigLimits.check()
        .between("volumes", volumes, 1, 100_000)
        .between("slices", slices, 8, 512)
        .between("rows", rows, 24, 1024)
        .between("columns", columns, 24, 1024)
        .between("centre-jitter", centreJitter, 0, 0.12)
        .between("noise", noise, 0, 200)
        .between("lesion-share", lesionShare, 0, 1)
        .between("body-shift", bodyShift, 0, 0.1)
        .orThrow();
  }

  /** Bodies in the middle of the field. */
  public PhantomConfig(
      int volumes,
      long seed,
      int slices,
      int rows,
      int columns,
      double centreJitter,
      double noise,
      double lesionShare) {
    this(volumes, seed, slices, rows, columns, centreJitter, noise, lesionShare, 0);
  }

  public static PhantomConfig defaults() {
    return new PhantomConfig(24, 7, 12, 40, 40, 0.08, 25, 0.5);
  }

  /** The grid in canonical axes. */
  GridSize grid() {
    return new GridSize(slices, rows, columns);
  }
}
