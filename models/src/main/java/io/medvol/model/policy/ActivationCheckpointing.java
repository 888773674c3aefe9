package io.medvol.model.policy;

/** What a training pass keeps of the decoder for its backward half. */
public enum ActivationCheckpointing {
  /** Every activation. */
  NONE,
  /**
   * The input of each layer; the rest is computed again (arXiv 1604.06174): a third more arithmetic
   * and the same gradients, for memory that grows with the layers by one row of hidden values.
   */
  LAYERS
}
