package io.medvol.grpo.segment;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;

/** The phantoms that clips are drawn from, and how. */
@ConfigDescription("The phantoms that clips are drawn from, and what is varied when drawing.")
public record SegmenterPhantoms(
    @ConfigDescription("Phantoms, at least 1; their grids, noise and lesions vary.") int volumes,
    @ConfigDescription("Seed of the phantoms; measurements use others.") long seed,
    @ConfigDescription("Share of clips that hold the end of their object, 0 to 1.") double endShare,
    @ConfigDescription(
            "Largest deviation of a box's edges, as a share of the box's side, 0 to 0.5.")
        double boxJitter) {
  public SegmenterPhantoms {
    ConfigLimits.check()
        .between("volumes", volumes, 1, 100_000)
        .between("end-share", endShare, 0, 1)
        .between("box-jitter", boxJitter, 0, 0.5)
        .orThrow();
  }

  public static SegmenterPhantoms defaults() {
    return new SegmenterPhantoms(800, 20261, 0.35, 0.12);
  }
}
