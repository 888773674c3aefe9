package io.medvol.grpo.metrics;

import java.io.Serializable;

/** How a trajectory ended; every trajectory of a run ends in exactly one way. */
public sealed interface TrajectoryState extends Serializable {
  /** It entered the gradient. */
  record Used() implements TrajectoryState {}

  /** Its group had no spread, so that its advantage is 0. */
  record DiscardedZeroStd() implements TrajectoryState {}

  /** It has no usable reward, none could be drawn, or an update had to do without it. */
  record Failed(String reason) implements TrajectoryState {}

  /** Name in the trajectory table: {@code USED}, {@code DISCARDED_ZERO_STD}, {@code FAILED}. */
  default String label() {
    if (this instanceof Used) {
      return "USED";
    }
    return this instanceof DiscardedZeroStd ? "DISCARDED_ZERO_STD" : "FAILED";
  }
}
