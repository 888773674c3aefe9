package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;

/**
 * What a loss leaves behind besides its gradient: sums that add up over partitions, from which the
 * driver computes TRL's metrics. Tokens are those inside the completion mask.
 *
 * @param loss the part of the loss itself, denominators applied
 * @param tokens tokens counted
 * @param sequences answers counted, left-out ones included
 * @param kl sum over tokens of the KL estimate
 * @param entropy sum over tokens, nats
 * @param clips how often the ratio left its range
 * @param drift how far the answers of an older policy are from the old one
 * @param decoding how far decoding was from the pass that scored the answers for the same policy
 * @param bounded tokens whose importance ratio or KL estimate was held at a bound
 * @param sequenceWeight sum over answers of vespo's weight
 */
public record ObjectiveSums(
    double loss,
    long tokens,
    long sequences,
    double kl,
    double entropy,
    ClipCounts clips,
    SamplingDrift drift,
    SamplingDrift decoding,
    long bounded,
    double sequenceWeight)
    implements Serializable {
  public static final ObjectiveSums ZERO =
      new ObjectiveSums(
          0, 0, 0, 0, 0, ClipCounts.NONE, SamplingDrift.NONE, SamplingDrift.NONE, 0, 0);

  public ObjectiveSums {
    Objects.requireNonNull(clips, "clips");
    Objects.requireNonNull(drift, "drift");
    Objects.requireNonNull(decoding, "decoding");
  }

  public ObjectiveSums plus(ObjectiveSums other) {
    return new ObjectiveSums(
        loss + other.loss,
        tokens + other.tokens,
        sequences + other.sequences,
        kl + other.kl,
        entropy + other.entropy,
        clips.plus(other.clips),
        drift.plus(other.drift),
        decoding.plus(other.decoding),
        bounded + other.bounded,
        sequenceWeight + other.sequenceWeight);
  }

  public double meanKl() {
    return kl / Math.max(tokens, 1);
  }

  public double meanEntropy() {
    return entropy / Math.max(tokens, 1);
  }

  public double meanSequenceWeight() {
    return sequenceWeight / Math.max(sequences, 1);
  }
}
