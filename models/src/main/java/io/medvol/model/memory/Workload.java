package io.medvol.model.memory;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.PolicyOptions;

/**
 * What is done with a model at once.
 *
 * @param promptTokens tokens of a prompt, those of its pictures among them
 * @param patches of all its pictures, before merging
 * @param group completions of the prompt
 * @param completionTokens longest completion
 * @param options how the policy computes
 * @param trained which weights have gradients
 * @param adapterParameters values of the adapter, where that is what is trained
 */
public record Workload(
    int promptTokens,
    int patches,
    int group,
    int completionTokens,
    PolicyOptions options,
    Trained trained,
    long adapterParameters) {

  /** What training changes. */
  public enum Trained {
    ALL,
    LANGUAGE_MODEL,
    /** An adapter of every projection of the decoder. */
    ADAPTER,
    /** An adapter of the decoder's projections of attention alone. */
    ATTENTION_ADAPTER;

    /** Whether the model's own weights stay as they are. */
    boolean adapts() {
      return this == ADAPTER || this == ATTENTION_ADAPTER;
    }
  }

  public Workload {
    if (promptTokens < 1 || patches < 0 || group < 1 || completionTokens < 1) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "No memory can be told for a prompt of "
              + promptTokens
              + " tokens with "
              + patches
              + " patches and "
              + group
              + " completions of "
              + completionTokens
              + " tokens: expected at least 1 each, and 0 patches");
    }
  }

  /** Tokens that are scored. */
  long targets() {
    return (long) group * completionTokens;
  }

  /** Rows of a pass over prompt and completions. */
  long rows() {
    return promptTokens + (long) group * (completionTokens - 1);
  }
}
