package io.medvol.reward.term;

import io.medvol.data.example.Sample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a reward term is asked about: the completions of one prompt.
 *
 * @param sample the question, about a volume or a picture; empty where only its key is known
 * @param volume the scan; empty for a question about a picture
 * @param target the expert's mask on the grid of the scan; empty for a question about a picture
 * @param completions the generated texts
 */
public record RewardBatch(
    Optional<Sample> sample,
    Optional<CtVolume> volume,
    Optional<BinaryMask> target,
    List<String> completions) {
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
