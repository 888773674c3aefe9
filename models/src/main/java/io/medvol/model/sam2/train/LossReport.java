package io.medvol.model.sam2.train;

/**
 * The loss of some clips and its parts, as sums; parts of several workers add up.
 *
 * @param loss what is minimised
 * @param prompted parts over prompted slices
 * @param tracked parts over tracked slices
 */
public record LossReport(double loss, Parts prompted, Parts tracked) {
  /**
   * Weighted sums over slices.
   *
   * @param dice loss of the single mask on prompted slices, of the best of three on tracked ones,
   *     over slices with the object
   * @param visible weight of these slices
   * @param presence cross-entropy of the object score
   * @param overlap error of the predicted overlap
   * @param weight of all slices
   */
  public record Parts(double dice, double visible, double presence, double overlap, double weight) {
    static final Parts NONE = new Parts(0, 0, 0, 0, 0);

    static Parts of(float[] sums) {
      return new Parts(sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    Parts plus(Parts other) {
      return new Parts(
          dice + other.dice,
          visible + other.visible,
          presence + other.presence,
          overlap + other.overlap,
          weight + other.weight);
    }

    /** Mean dice loss over slices with the object. */
    public double meanDice() {
      return dice / visible;
    }

    /** Mean cross-entropy of the object score. */
    public double meanPresence() {
      return presence / weight;
    }
  }

  public static final LossReport NONE = new LossReport(0, Parts.NONE, Parts.NONE);

  public LossReport plus(LossReport other) {
    return new LossReport(
        loss + other.loss, prompted.plus(other.prompted), tracked.plus(other.tracked));
  }
}
