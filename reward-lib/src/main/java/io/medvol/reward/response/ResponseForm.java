package io.medvol.reward.response;

/** Which blocks a completion consists of. */
public enum ResponseForm {
  /** {@code <think>…</think>} and then {@code <answer>…</answer>}. */
  THINK_ANSWER,
  /** One {@code <answer>…</answer>} and no thinking. */
  ANSWER_ONLY,
  /** {@code <answer>…</answer>} and then {@code <think>…</think>}. */
  ANSWER_THINK
}
