package io.medvol.model.policy;

/** Why a completion ended: it gave an end token, or it reached the limit of new tokens. */
public enum FinishReason {
  STOP,
  LENGTH
}
