package io.medvol.grpo.optim;

import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.FloatVector;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101) as {@code torch.optim.AdamW} computes it.
 * Tensors of fewer than two dimensions (biases, norm gains) are not decayed. Immutable.
 */
public final class AdamW {
  private final ParameterLayout layout;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double weightDecay;

  public AdamW(
      ParameterLayout layout, double beta1, double beta2, double epsilon, double weightDecay) {
    this.layout = layout;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
  }

  /** The parameters after an update, and what to remember. */
  public record Step(float[] parameters, OptimizerState state) {}

  /**
   * @param gradient already clipped; multiplied by {@code factor} on the way
   */
  public Step step(
      FloatVector parameters,
      OptimizerState state,
      FloatVector gradient,
      double factor,
      double learningRate) {
    int size = layout.size();
    requireSize("parameters", parameters, size);
    requireSize("gradient", gradient, size);
    requireSize("moments", state.expAvg(), size);
    long updates = state.updates() + 1;
    double correction1 = 1 - Math.pow(beta1, updates);
    double correction2 = Math.sqrt(1 - Math.pow(beta2, updates));
    float[] next = parameters.copy();
    float[] mean = state.expAvg().copy();
    float[] square = state.expAvgSq().copy();
    for (ParameterLayout.Parameter tensor : layout.parameters()) {
      double decay = tensor.shape().size() >= 2 ? 1 - learningRate * weightDecay : 1;
      for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
        double g = gradient.at(i) * factor;
        mean[i] = (float) (beta1 * mean[i] + (1 - beta1) * g);
        square[i] = (float) (beta2 * square[i] + (1 - beta2) * g * g);
        double denominator = Math.sqrt(square[i]) / correction2 + epsilon;
        next[i] = (float) (next[i] * decay - learningRate / correction1 * mean[i] / denominator);
      }
    }
    return new Step(
        next, new OptimizerState(updates, FloatVector.wrap(mean), FloatVector.wrap(square)));
  }

  private static void requireSize(String what, FloatVector vector, int size) {
    if (vector.length() != size) {
      throw new IllegalArgumentException(
          "The " + what + " have " + vector.length() + " values; the layout has " + size);
    }
  }
}
