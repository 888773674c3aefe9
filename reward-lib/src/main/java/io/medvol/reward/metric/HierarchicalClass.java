package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The hierarchical evaluation classes of KiTS23, in which a class holds what lies inside it: a
 * tumor called a cyst is an error of one class and not of three.
 */
public enum HierarchicalClass {
  KIDNEY_AND_MASSES(1.0331, Structure.KIDNEY, Structure.TUMOR, Structure.CYST),
  MASSES(1.1329, Structure.TUMOR, Structure.CYST),
  TUMOR(1.1498, Structure.TUMOR);

  /** What is segmented; a class is the union of one, two or three. */
  public enum Structure {
    KIDNEY,
    TUMOR,
    CYST
  }

  private final double toleranceMm;
  private final List<Structure> structures;

  HierarchicalClass(double toleranceMm, Structure... structures) {
    this.toleranceMm = toleranceMm;
    this.structures = List.of(structures);
  }

  public List<Structure> structures() {
    return structures;
  }

  /** Tolerance of the surface Dice of this class, from the spread between annotators. */
  public double toleranceMm() {
    return toleranceMm;
  }

  /** The mask of this class from masks of its structures, on one grid. */
  public BinaryMask of(Map<Structure, BinaryMask> masks) {
    return structures.stream()
        .map(structure -> Objects.requireNonNull(masks.get(structure), structure.name()))
        .reduce(BinaryMask::union)
        .orElseThrow();
  }
}
