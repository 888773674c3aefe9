package io.medvol.rollout.prompt;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.io.Serializable;
import java.util.Objects;

/** What a supervised policy is taught to answer about volumes. */
@ConfigDescription("What a supervised policy is taught to answer about volumes.")
public record DemonstrationConfig(
    @ConfigDescription(
            "key is the sample's key slice; any is one of the shown slices on which the target has"
                + " at least a quarter of its largest area, drawn by the sample's id.")
        SliceRule slice,
    @ConfigDescription(
            "Pixels by which the sides of a box may be drawn too far out, at least 0; drawn for"
                + " each side by the sample's id. Above 0 the demonstrations are imperfect on"
                + " purpose, like boxes drawn in haste.")
        int margin)
    implements Serializable {
  public DemonstrationConfig {
    Objects.requireNonNull(slice, "slice");
    ConfigLimits.check().between("margin", margin, 0, 1000).orThrow();
  }

  /** Where a demonstration shows the target. */
  public enum SliceRule {
    KEY,
    ANY
  }

  /** The ground truth's evidence. */
  public static DemonstrationConfig defaults() {
    return new DemonstrationConfig(SliceRule.KEY, 0);
  }
}
