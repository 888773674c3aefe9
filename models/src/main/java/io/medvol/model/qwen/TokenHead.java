package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Log-probabilities of given tokens and their gradient, in chunks: the logits of a whole group
 * (tokens x vocabulary) are never held at once, and the gradient, (one-hot - p) * seed /
 * temperature, needs no recorded graph.
 */
final class TokenHead {
  /** Logits held at once where nothing else is asked for. */
  private static final int USUAL_LOGITS = 1 << 24;

  private final NDArray head;
  private final NDArray bias;
  private final double temperature;
  private final int mostLogits;

  /** Holds as many logits at once as keep a processor busy. */
  TokenHead(NDArray head, NDArray bias, double temperature) {
    this(head, bias, temperature, USUAL_LOGITS);
  }

  /**
   * @param head {@code [token id][hidden]}
   * @param bias added to the logits; minus infinity for a token that is never sampled
   * @param mostLogits held at once, if one token has no more
   */
  TokenHead(NDArray head, NDArray bias, double temperature, int mostLogits) {
    this.head = head;
    this.bias = bias;
    this.temperature = temperature;
    this.mostLogits = mostLogits;
  }

  /** Log-probabilities and entropies in nats. */
  static final class Scores {
    private final double[] logProbs;
    private final double[] entropies;

    Scores(int tokens) {
      logProbs = new double[tokens];
      entropies = new double[tokens];
    }

    double[] logProbs() {
      return logProbs.clone();
    }

    double[] entropies() {
      return entropies.clone();
    }
  }

  /**
   * @param hidden {@code [token][hidden]}, the rows that predict the targets
   */
  Scores score(TensorScope scope, NDArray hidden, int[] targets) {
    Scores scores = new Scores(targets.length);
    for (int from = 0; from < targets.length; from += chunk()) {
      int count = Math.min(chunk(), targets.length - from);
      try (TensorScope part = scope.child()) {
        List<NDArray> found =
            part.ops()
                .callForList(
                    "token_log_probs",
                    part.ops().narrow(hidden, 0, from, count),
                    head,
                    bias,
                    part.indices(Arrays.copyOfRange(targets, from, from + count)),
                    temperature);
        System.arraycopy(Tensors.doubles(found.get(0)), 0, scores.logProbs, from, count);
        System.arraycopy(Tensors.doubles(found.get(1)), 0, scores.entropies, from, count);
      }
    }
    return scores;
  }

  /**
   * What gradients are wanted of: that of a head that is not trained would be large for nothing.
   */
  enum Wanted {
    HIDDEN,
    HIDDEN_AND_HEAD
  }

  /** Gradients with respect to the hidden rows and, if wanted, to the head. */
  record Gradient(NDArray hidden, Optional<NDArray> head) {}

  /**
   * Gradient of {@code sum(seeds * log-probabilities)}.
   *
   * @param hidden cut off from the graph it was computed in
   */
  Gradient gradient(
      TensorScope scope, NDArray hidden, int[] targets, double[] seeds, Wanted wanted) {
    List<NDArray> hiddenParts = new ArrayList<>();
    boolean withHead = wanted == Wanted.HIDDEN_AND_HEAD;
    NDArray headSum = withHead ? scope.ops().zeros(DType.F32, head.getShape().getShape()) : null;
    for (int from = 0; from < targets.length; from += chunk()) {
      int count = Math.min(chunk(), targets.length - from);
      float[] seedPart = new float[count];
      for (int i = 0; i < count; i++) {
        seedPart[i] = (float) seeds[from + i];
      }
      try (TensorScope part = scope.child()) {
        Ops ops = part.ops();
        List<NDArray> found =
            ops.callForList(
                "token_log_probs_gradient",
                ops.narrow(hidden, 0, from, count),
                ops.detach(head),
                bias,
                part.indices(Arrays.copyOfRange(targets, from, from + count)),
                temperature,
                part.floats(seedPart, count),
                withHead);
        hiddenParts.add(scope.keep(found.get(0)));
        if (withHead) {
          NDArray sum = scope.ops().add(headSum, found.get(1));
          headSum.close();
          headSum = sum;
        }
      }
    }
    return new Gradient(scope.ops().cat(hiddenParts, 0), Optional.ofNullable(headSum));
  }

  /** Tokens whose logits are there at once. */
  int chunk() {
    return Math.max(1, mostLogits / Math.toIntExact(head.getShape().get(0)));
  }
}
