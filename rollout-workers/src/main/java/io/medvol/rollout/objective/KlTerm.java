package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;

/**
 * How the policy is held near its reference.
 *
 * @param beta weight; 0 needs no reference policy
 * @param estimator of the divergence at one token
 * @param most limit of the k3 estimate of a token; infinite for none
 * @param weight what the estimate of a token is multiplied with
 * @param place where it acts
 */
public record KlTerm(double beta, KlEstimator estimator, double most, Weight weight, Place place)
    implements Serializable {
  public KlTerm {
    Objects.requireNonNull(estimator, "estimator");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(place, "place");
  }

  /** What the estimate of a token is multiplied with, besides beta. */
  public enum Weight {
    ONE,
    /** The importance ratio, which corrects the estimate's bias off policy. */
    RATIO
  }

  /** Where the term acts. */
  public enum Place {
    /** Added to the loss of each token. */
    LOSS,
    /** Its sum over an answer, taken when the answer is drawn, is subtracted from its reward. */
    REWARD
  }

  boolean inLoss() {
    return beta > 0 && place == Place.LOSS;
  }

  double lossWeight() {
    return inLoss() ? beta : 0;
  }

  /** The estimate at one token. */
  public double estimate(double difference) {
    return estimator.value(difference, most);
  }

  /** Whether the estimate at this token is a bound. */
  boolean bounds(double difference) {
    return estimator.bounds(difference, most);
  }

  double value(double difference, double ratio) {
    return estimate(difference) * (weighted() ? ratio : 1);
  }

  double ratioSlope(double difference) {
    return weighted() ? estimate(difference) : 0;
  }

  double logProbSlope(double difference, double ratio) {
    return estimator.slope(difference, most) * (weighted() ? ratio : 1);
  }

  private boolean weighted() {
    return weight == Weight.RATIO && place == Place.LOSS;
  }
}
