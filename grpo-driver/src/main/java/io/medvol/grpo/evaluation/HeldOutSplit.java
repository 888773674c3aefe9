package io.medvol.grpo.evaluation;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.grpo.config.HeldOutConfig;
import io.medvol.rollout.trajectory.RolloutSeed;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps some volumes (or pictures) out of training, with all their samples. Which ones is a
 * function of the seed and their pseudonyms alone.
 *
 * @param training the rest, in the order given
 * @param heldOut ordered by id; empty where there are no evaluations
 */
public record HeldOutSplit(List<Sample> training, List<Sample> heldOut) {
  /** Keeps the draw apart from those of the epochs. */
  private static final int EPOCH = -1;

  public HeldOutSplit {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * @throws MedVolException (INVALID_CONFIG) if nothing is left to train on
   */
  public static HeldOutSplit of(List<? extends Sample> samples, HeldOutConfig config, long seed) {
    if (!config.evaluates()) {
      return new HeldOutSplit(List.copyOf(samples), List.of());
    }
    List<String> sources =
        samples.stream()
            .map(Sample::sourceId)
            .distinct()
            .sorted(
                Comparator.comparingLong((String id) -> RolloutSeed.of(seed, EPOCH, id, 0))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    int held = Math.max(1, (int) Math.floor(sources.size() * config.evalShare()));
    if (held >= sources.size()) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The data set has "
              + sources.size()
              + " volume(s); none would be left to train on if some were held out for evaluation."
              + " Prepare more, or set eval-steps: 0.");
    }
    Set<String> kept = new HashSet<>(sources.subList(0, held));
    return new HeldOutSplit(
        List.copyOf(samples.stream().filter(s -> !kept.contains(s.sourceId())).toList()),
        samples.stream()
            .filter(s -> kept.contains(s.sourceId()))
            .sorted(Comparator.comparing(Sample::id))
            .limit(config.maxEvalSamples())
            .map(Sample.class::cast)
            .toList());
  }
}
