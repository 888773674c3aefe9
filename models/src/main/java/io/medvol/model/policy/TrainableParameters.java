package io.medvol.model.policy;

/** Which weights of a policy training may change. */
public enum TrainableParameters {
  /** Language model and vision tower. */
  ALL,
  /** The language model with its output head; the vision tower stays as it is. */
  LANGUAGE_MODEL
}
