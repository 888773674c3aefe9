package io.medvol.model.policy;

/**
 * A loss that reads the policy only through the log-probabilities of the completions' tokens, which
 * covers SFT and every GRPO variant: given them it says how the loss changes with each.
 */
@FunctionalInterface
public interface TokenObjective {
  /**
   * The derivative of the loss with respect to each log-probability.
   *
   * @param logProbs {@code [completion][token]}, nats, at the temperature of the call
   * @param entropies {@code [completion][token]}, nats, of the same distributions; not
   *     differentiated
   * @return {@code [completion][token]}, of the same shape
   */
  double[][] gradient(double[][] logProbs, double[][] entropies);
}
