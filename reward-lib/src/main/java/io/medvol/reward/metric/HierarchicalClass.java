package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import java.util.Objects;

/**
 * The hierarchical evaluation classes of KiTS23, in which a class holds what lies inside it: a
 * tumor called a cyst is an error of one class and not of three.
 */
public enum HierarchicalClass {
  KIDNEY_AND_MASSES(1.0331),
  MASSES(1.1329),
  TUMOR(1.1498);

  private final double toleranceMm;

  HierarchicalClass(double toleranceMm) {
    this.toleranceMm = toleranceMm;
  }

  /** Tolerance of the surface Dice of this class, from the spread between annotators. */
  public double toleranceMm() {
    return toleranceMm;
  }

  /** The mask of this class from masks of the three structures, on one grid. */
  public BinaryMask of(BinaryMask kidney, BinaryMask tumor, BinaryMask cyst) {
    Objects.requireNonNull(kidney, "kidney");
    return switch (this) {
      case KIDNEY_AND_MASSES -> kidney.union(tumor).union(cyst);
      case MASSES -> tumor.union(cyst);
      case TUMOR -> tumor;
    };
  }
}
