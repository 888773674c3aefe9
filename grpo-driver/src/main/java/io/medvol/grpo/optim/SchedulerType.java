package io.medvol.grpo.optim;

/** The shapes of the learning rate over a run; names and formulas of transformers. */
public enum SchedulerType {
  CONSTANT,
  CONSTANT_WITH_WARMUP,
  LINEAR,
  COSINE,
  COSINE_WITH_RESTARTS,
  COSINE_WITH_MIN_LR;

  /** Whether the rate at an update does not depend on how many follow: a run can be prolonged. */
  public boolean openEnded() {
    return this == CONSTANT || this == CONSTANT_WITH_WARMUP;
  }
}
