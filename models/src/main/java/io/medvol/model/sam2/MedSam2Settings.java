package io.medvol.model.sam2;

import io.medvol.data.volume.HounsfieldWindow;
import io.medvol.model.policy.Precision;
import java.io.Serializable;
import java.util.Objects;

/**
 * How {@link MedSam2Propagator} shows a CT to the network and starts.
 *
 * @param window Hounsfield units between black and white
 * @param parts what of a prompt's mask is kept
 * @param precision what the network computes in; bfloat16 only where the processor multiplies it,
 *     elsewhere the weights are rounded to it
 */
public record MedSam2Settings(
    HounsfieldWindow window, Seeding seeding, Parts parts, Sam2Options options, Precision precision)
    implements Serializable {
  /** What tracking starts from. */
  public enum Seeding {
    /** The box, as MedSAM2's scripts do. */
    BOX,
    /** The mask that the box gives on its slice, taken as certain, as MedVol-R1 does. */
    MASK_FROM_BOX
  }

  /** What of a mask is kept. */
  public enum Parts {
    ALL,
    /**
     * The largest component by voxels, as MedSAM2's CT script ends; voxels touch by sides, edges or
     * corners. What a slice keeps then depends on the other slices wanted.
     */
    LARGEST
  }

  /** MedSAM2 on abdominal organs. */
  public static final MedSam2Settings DEFAULT =
      new MedSam2Settings(
          HounsfieldWindow.SOFT_TISSUE,
          Seeding.BOX,
          Parts.ALL,
          Sam2Options.MEDSAM2,
          Precision.FP32);

  public MedSam2Settings {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(seeding, "seeding");
    Objects.requireNonNull(parts, "parts");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(precision, "precision");
  }
}
