package io.medvol.model.memory;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;

/**
 * What is done with a model at once.
 *
 * @param promptTokens tokens of a prompt, those of its pictures among them
 * @param patches of all its pictures, before merging
 * @param group completions of the prompt
 * @param completionTokens longest completion
 * @param precision of the weights and of computing
 * @param trained which weights have gradients
 * @param adapterParameters values of the adapter, where that is what is trained
 */
public record Workload(
    int promptTokens,
    int patches,
    int group,
    int completionTokens,
    Precision precision,
    Trained trained,
    long adapterParameters) {

  /** Type of the weights and of computing. */
  public enum Precision {
    FLOAT32(Float.BYTES),
    BFLOAT16(Short.BYTES);

    private final int bytes;

    Precision(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  /** What training changes. */
  public enum Trained {
    ALL,
    LANGUAGE_MODEL,
    /** An adapter of the decoder. */
    ADAPTER
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
}
