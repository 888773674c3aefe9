package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;

/**
 * What the loss is, as the workers need it: every default resolved.
 *
 * @param lossType which loss of the family
 * @param ratioLevel ratio for each token, or for each answer
 * @param clipping bounds of the ratio
 * @param kl how the policy is held near its reference
 * @param truncated what becomes of answers that hit the length limit
 * @param topEntropyQuantile share of tokens, those of the highest entropy, that have a policy loss
 * @param offPolicy what is done about answers of an older policy
 * @param sapo temperatures of sapo's gate
 * @param vespo shape of vespo's weight
 */
public record Objective(
    LossType lossType,
    RatioLevel ratioLevel,
    Clipping clipping,
    KlTerm kl,
    Truncated truncated,
    double topEntropyQuantile,
    OffPolicy offPolicy,
    SapoTemperatures sapo,
    VespoShape vespo)
    implements Serializable {
  public Objective {
    Objects.requireNonNull(lossType, "lossType");
    Objects.requireNonNull(ratioLevel, "ratioLevel");
    Objects.requireNonNull(clipping, "clipping");
    Objects.requireNonNull(kl, "kl");
    Objects.requireNonNull(truncated, "truncated");
    Objects.requireNonNull(offPolicy, "offPolicy");
    Objects.requireNonNull(sapo, "sapo");
    Objects.requireNonNull(vespo, "vespo");
  }

  public boolean needsReference() {
    return kl.beta() > 0;
  }

  /** Whether the loss itself pulls towards the reference, also where every advantage is 0. */
  public boolean hasKlLoss() {
    return kl.inLoss();
  }

  /** Whether only tokens of high entropy have a policy loss. */
  public boolean selectsTokens() {
    return topEntropyQuantile < 1;
  }

  /** What becomes of answers that hit the length limit. */
  public enum Truncated {
    KEPT,
    /** Their tokens leave the loss and the token counts; the answer still counts as one. */
    LEFT_OUT
  }

  /** Steepness of sapo's gate, by the sign of the advantage. */
  public record SapoTemperatures(double positive, double negative) implements Serializable {}

  /** Exponent and rate of vespo's gamma weight, by the sign of the advantage. */
  public record VespoShape(double kPos, double lambdaPos, double kNeg, double lambdaNeg)
      implements Serializable {}
}
