package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;

/**
 * What the loss is, as the workers need it: every default resolved.
 *
 * @param lossType which loss of the family
 * @param ratioLevel ratio for each token, or for each answer
 * @param epsilon the ratio is clipped below at 1 - epsilon
 * @param epsilonHigh the ratio is clipped above at 1 + epsilonHigh; for cispo the cap itself
 * @param delta bound on the unclipped ratio; infinite for none
 * @param beta weight of the KL term; 0 needs no reference policy
 * @param klWeight what the KL term is multiplied with
 * @param truncated what becomes of answers that hit the length limit
 */
public record Objective(
    LossType lossType,
    RatioLevel ratioLevel,
    double epsilon,
    double epsilonHigh,
    double delta,
    double beta,
    KlWeight klWeight,
    Truncated truncated)
    implements Serializable {
  public Objective {
    Objects.requireNonNull(lossType, "lossType");
    Objects.requireNonNull(ratioLevel, "ratioLevel");
    Objects.requireNonNull(klWeight, "klWeight");
    Objects.requireNonNull(truncated, "truncated");
  }

  public boolean needsReference() {
    return beta > 0;
  }

  /** What the KL estimate of a token is multiplied with, besides beta. */
  public enum KlWeight {
    ONE,
    /** The importance ratio, which corrects the estimate's bias off policy. */
    RATIO
  }

  /** What becomes of answers that hit the length limit. */
  public enum Truncated {
    KEPT,
    /** Their tokens leave the loss and the token counts; the answer still counts as one. */
    LEFT_OUT
  }
}
