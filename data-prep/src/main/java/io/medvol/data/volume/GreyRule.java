package io.medvol.data.volume;

/** How a {@link HounsfieldWindow} turns Hounsfield units into 8-bit grey values. */
public enum GreyRule {
  /**
   * low..high = level ∓ width/2; (clip(hu, low, high) - low) / (high - low) · 255, truncated toward
   * zero.
   */
  BOUNDS,
  /**
   * As {@link #BOUNDS}, but between the smallest and the largest of the clipped values given
   * together; constant values become 0. The rule of MedSAM2's CT script.
   */
  RANGE,
  /**
   * The LINEAR function of DICOM PS3.3 C.11.2.1.2.1: clip(((hu - (level - 0.5)) / (width - 1) +
   * 0.5) · 255, 0, 255), rounded half to even; only for widths above 1.
   */
  DICOM
}
