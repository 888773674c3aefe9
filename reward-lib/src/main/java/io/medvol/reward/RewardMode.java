package io.medvol.reward;

/** Which definition of the localisation rewards applies. */
public enum RewardMode {
  /** One coordinate convention, exactly one block of each kind, nothing lenient; the default. */
  STRICT,
  /**
   * The arithmetic of the released MedVol-R1 code for CT-ORG (arXiv 2605.26621), quirks included.
   */
  PAPER_CTORG,
  /** The same for KiTS23: there the axial reward does not need a box. */
  PAPER_KITS23;

  public boolean paper() {
    return this != STRICT;
  }
}
