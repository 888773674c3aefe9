package io.medvol.reward.term;

import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a reward term is asked about: the completions of one prompt.
 *
 * @param sample the question; empty where only its ground truth is known
 * @param volume the scan
 * @param target the expert's mask on the grid of the scan
 * @param completions the generated texts
 */
public record RewardBatch(
    Optional<VrsSample> sample, CtVolume volume, BinaryMask target, List<String> completions) {
  public RewardBatch {
    Objects.requireNonNull(sample, "sample");
    Objects.requireNonNull(volume, "volume");
    Objects.requireNonNull(target, "target");
    completions = List.copyOf(completions);
  }

  /** The same question with one of its completions. */
  public RewardBatch only(int completion) {
    return new RewardBatch(sample, volume, target, List.of(completions.get(completion)));
  }
}
