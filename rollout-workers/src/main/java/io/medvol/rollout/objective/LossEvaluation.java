package io.medvol.rollout.objective;

/**
 * The loss at given log-probabilities.
 *
 * @param tokenLosses {@code [answer][token]} before masking and weighting, KL included
 * @param gradient {@code [answer][token]}, derivative of the loss with respect to each
 *     log-probability
 * @param sums loss and metrics
 */
public record LossEvaluation(double[][] tokenLosses, double[][] gradient, ObjectiveSums sums) {}
