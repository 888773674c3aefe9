package io.medvol.rollout.objective;

/**
 * The loss of supervised fine-tuning: -sum log p over the tokens of the demonstrations, not divided
 * by their number, which only the whole step knows.
 */
public final class CrossEntropy {
  private CrossEntropy() {}

  /** Arguments as in {@link PolicyLoss#evaluate}. */
  public static LossEvaluation evaluate(double[][] logProbs, double[][] entropies) {
    double[][] losses = new double[logProbs.length][];
    double[][] gradient = new double[logProbs.length][];
    double loss = 0;
    double entropy = 0;
    long tokens = 0;
    for (int i = 0; i < logProbs.length; i++) {
      losses[i] = new double[logProbs[i].length];
      gradient[i] = new double[logProbs[i].length];
      for (int t = 0; t < logProbs[i].length; t++) {
        losses[i][t] = -logProbs[i][t];
        gradient[i][t] = -1;
        loss -= logProbs[i][t];
        entropy += entropies[i][t];
      }
      tokens += logProbs[i].length;
    }
    ObjectiveSums sums =
        new ObjectiveSums(
            loss,
            tokens,
            logProbs.length,
            0,
            entropy,
            ClipCounts.NONE,
            SamplingDrift.NONE,
            SamplingDrift.NONE,
            0,
            0);
    return new LossEvaluation(losses, gradient, sums);
  }
}
