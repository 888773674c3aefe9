package io.medvol.model.tensor;

/** Whether computations are recorded for a later backward pass. */
public enum GradientMode {
  RECORD,
  NONE
}
