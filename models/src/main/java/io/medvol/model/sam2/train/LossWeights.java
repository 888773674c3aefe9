package io.medvol.model.sam2.train;

/**
 * What is added to SAM 2's mask loss (20 focal + dice).
 *
 * @param balance of the cross-entropy averaged over object and background apart, which keeps a
 *     fresh network from calling everything background
 * @param overlap of the error of the predicted overlap
 * @param presence of the occlusion loss, the cross-entropy of the object score
 */
public record LossWeights(double balance, double overlap, double presence) {
  public LossWeights {
    if (!(balance >= 0) || !(overlap >= 0) || !(presence >= 0)) {
      throw new IllegalArgumentException(
          "Loss weights cannot be negative: " + balance + ", " + overlap + ", " + presence);
    }
  }
}
