package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenObjective;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.Arrays;
import java.util.List;

/** Scores the completions of a group and differentiates, with one pass over their prompt. */
final class QwenScorer {
  private final TorchRuntime runtime;
  private final QwenNetwork network;
  private final TokenIds excluded;
  private final ActivationCheckpointing checkpointing;

  /**
   * @param excluded ids that have probability 0, as in sampling
   * @param checkpointing what a training pass keeps
   */
  QwenScorer(
      TorchRuntime runtime,
      QwenNetwork network,
      TokenIds excluded,
      ActivationCheckpointing checkpointing) {
    this.runtime = runtime;
    this.network = network;
    this.excluded = excluded;
    this.checkpointing = checkpointing;
  }

  /** Keeps every activation of a training pass. */
  QwenScorer(TorchRuntime runtime, QwenNetwork network, TokenIds excluded) {
    this(runtime, network, excluded, ActivationCheckpointing.NONE);
  }

  /** {@code [completion][token]} in nats. */
  double[][] logProbs(PackedGroup group, double temperature) {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      NDArray hidden = network.predictors(scope, group);
      return group.split(head(scope, temperature).score(scope, hidden, group.targets()).logProbs());
    }
  }

  /**
   * Adds the gradient of the objective to the sums.
   *
   * @param leaves the trainable tensors in the order of the layout
   */
  void accumulate(
      PackedGroup group,
      double temperature,
      TokenObjective objective,
      ParameterLayout layout,
      List<NDArray> leaves,
      float[] sums) {
    int[] targets = group.targets();
    try (TensorScope scope = runtime.compute(GradientMode.RECORD)) {
      Ops ops = scope.ops();
      TrainingPass pass = TrainingPass.of(checkpointing, runtime, network, scope);
      NDArray rows = ops.detach(pass.forward(group));
      TokenHead.Gradient output;
      try (TensorScope unrecorded = runtime.compute(GradientMode.NONE)) {
        TokenHead head = head(unrecorded, temperature);
        TokenHead.Scores scores = head.score(unrecorded, rows, targets);
        double[] seeds = seeds(group, objective, scores);
        if (Arrays.stream(seeds).allMatch(seed -> seed == 0)) {
          return;
        }
        boolean headTrained =
            layout.parameters().stream().anyMatch(one -> one.name().equals(network.headName()));
        output =
            head.gradient(
                unrecorded,
                rows,
                targets,
                seeds,
                headTrained ? TokenHead.Wanted.HIDDEN_AND_HEAD : TokenHead.Wanted.HIDDEN);
        scope.keep(output.hidden());
        output.head().ifPresent(scope::keep);
      }
      NDArray ofHead = output.head().orElse(null);
      boolean[] headAdded = {false};
      pass.backward(
          output.hidden(),
          leaves,
          (leaf, gradient) -> {
            ParameterLayout.Parameter parameter = layout.parameters().get(leaf);
            // A tied table has one gradient, so that sums do not depend on how a batch was cut.
            boolean isHead = ofHead != null && parameter.name().equals(network.headName());
            headAdded[0] |= isHead;
            Tensors.addTo(sums, parameter.offset(), isHead ? ops.add(gradient, ofHead) : gradient);
          });
      if (ofHead != null && !headAdded[0]) {
        layout.parameters().stream()
            .filter(parameter -> parameter.name().equals(network.headName()))
            .forEach(parameter -> Tensors.addTo(sums, parameter.offset(), ofHead));
      }
    }
  }

  private TokenHead head(TensorScope scope, double temperature) {
    return new TokenHead(network.decoder().head(), network.logitBias(scope, excluded), temperature);
  }

  private static double[] seeds(
      PackedGroup group, TokenObjective objective, TokenHead.Scores scores) {
    double[][] logProbs = group.split(scores.logProbs());
    double[][] given = objective.gradient(logProbs, group.split(scores.entropies()));
    for (int i = 0; i < logProbs.length; i++) {
      if (given.length != logProbs.length || given[i].length != logProbs[i].length) {
        throw new IllegalArgumentException(
            "The objective's gradient has another shape than the log-probabilities");
      }
    }
    return Arrays.stream(given).flatMapToDouble(Arrays::stream).toArray();
  }
}
