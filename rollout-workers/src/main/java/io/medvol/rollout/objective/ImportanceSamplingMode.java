package io.medvol.rollout.objective;

/** What becomes of weights outside their bounds, and what one weight is for; named as in TRL. */
public enum ImportanceSamplingMode {
  /** A weight for each token, moved to the nearest bound. */
  TOKEN_TRUNCATE,
  /** A weight for each token, 0 outside the bounds. */
  TOKEN_MASK,
  /** One weight for the answer, moved to the nearest bound. */
  SEQUENCE_TRUNCATE,
  /** One weight for the answer, 0 outside the bounds. */
  SEQUENCE_MASK;

  /** Whether all tokens of an answer have its one weight. */
  public boolean perAnswer() {
    return this == SEQUENCE_TRUNCATE || this == SEQUENCE_MASK;
  }

  double bound(double weight, double min, double max) {
    return switch (this) {
      case TOKEN_TRUNCATE, SEQUENCE_TRUNCATE -> Math.min(Math.max(weight, min), max);
      case TOKEN_MASK, SEQUENCE_MASK -> weight < min || weight > max ? 0 : weight;
    };
  }
}
