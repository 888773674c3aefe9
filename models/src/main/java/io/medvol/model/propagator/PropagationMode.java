package io.medvol.model.propagator;

import io.medvol.model.sam2.MedSam2Settings;

/** What MedSAM2's tracks start from. */
public enum PropagationMode {
  /** The boxes, as MedSAM2's own scripts. */
  MEDSAM2(MedSam2Settings.Seeding.BOX),
  /** The mask each box gives on its slice, as MedVol-R1's reward. */
  MEDVOL_R1(MedSam2Settings.Seeding.MASK_FROM_BOX);

  private final MedSam2Settings.Seeding seeding;

  PropagationMode(MedSam2Settings.Seeding seeding) {
    this.seeding = seeding;
  }

  MedSam2Settings.Seeding seeding() {
    return seeding;
  }
}
