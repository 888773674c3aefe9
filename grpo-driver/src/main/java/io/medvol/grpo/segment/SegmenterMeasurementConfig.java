package io.medvol.grpo.segment;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.phantom.PhantomConfig;
import java.util.List;

/** On what a segmenter is measured. */
@ConfigDescription("The phantoms a segmenter is measured on, and how wrong its boxes are made.")
public record SegmenterMeasurementConfig(
    @ConfigDescription("Phantoms of quickstart's grid.") PhantomConfig coarse,
    @ConfigDescription("Phantoms of a finer grid.") PhantomConfig fine,
    @ConfigDescription(
            "Shares of a box's side by which each of its edges is moved in or out, each 0 to 0.5;"
                + " the first is what the table shows.")
        List<Double> boxErrors,
    @ConfigDescription("Seed of the directions edges are moved in, and of the intervals.")
        long seed) {
  public SegmenterMeasurementConfig {
    boxErrors = List.copyOf(boxErrors);
    ConfigLimits.check()
        .notEmpty("box-errors", boxErrors)
        .satisfies(
            "box-errors",
            boxErrors,
            errors -> errors.stream().allMatch(error -> error >= 0 && error <= 0.5),
            "numbers from 0 to 0.5")
        .orThrow();
  }

  public static SegmenterMeasurementConfig defaults() {
    return new SegmenterMeasurementConfig(
        new PhantomConfig(16, 770_001, 12, 40, 40, 0.08, 25, 1),
        new PhantomConfig(8, 770_002, 24, 96, 96, 0.08, 25, 1),
        List.of(0.0, 0.05, 0.1, 0.2, 0.3),
        5);
  }
}
