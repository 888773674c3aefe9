package io.medvol.model.memory;

/**
 * The sizes of a Qwen-VL model that decide how much memory it takes.
 *
 * @param tiedHead whether the token embeddings are also the output head
 */
public record ModelShape(Text text, Vision vision, boolean tiedHead) {

  /**
   * The decoder.
   *
   * @param headNorm whether each query and key head is normalised
   */
  public record Text(
      int layers,
      int hidden,
      int intermediate,
      int heads,
      int keyValueHeads,
      int headDim,
      int vocabulary,
      boolean headNorm) {

    long queryWidth() {
      return (long) heads * headDim;
    }

    long keyWidth() {
      return (long) keyValueHeads * headDim;
    }

    /** Values in the matrices of one layer; its norms and biases are less than a thousandth. */
    long layerParameters() {
      return 2L * hidden * (queryWidth() + keyWidth()) + 3L * hidden * intermediate;
    }

    long tableParameters() {
      return (long) vocabulary * hidden;
    }
  }

  /** How the feed-forward part of a block of the tower computes. */
  public enum Mlp {
    /** One operation between two matrices. */
    PLAIN(2, 2, 2),
    /** Several of them. */
    COMPOSED(2, 3, 3),
    /** Two matrices, whose results are multiplied, and a third. */
    GATED(3, 3, 4);

    final int matrices;

    /** Tensors of its width that are there at once. */
    final int passing;

    /** Tensors of its width that a recorded graph keeps. */
    final int kept;

    Mlp(int matrices, int passing, int kept) {
      this.matrices = matrices;
      this.passing = passing;
      this.kept = kept;
    }
  }

  /**
   * The vision tower.
   *
   * @param patchLength values in one patch
   * @param mergeUnit patches that become one token
   * @param mergers the last one, and one for each DeepStack tap
   * @param positions rows of its learned position table; 0 without one
   */
  public record Vision(
      int depth,
      int hidden,
      int intermediate,
      Mlp mlp,
      int heads,
      int outHidden,
      int patchLength,
      int mergeUnit,
      int mergers,
      long positions) {

    long parameters() {
      long merged = (long) hidden * mergeUnit;
      return depth * (4L * hidden * hidden + (long) mlp.matrices * hidden * intermediate)
          + (patchLength + positions) * hidden
          + mergers * (merged * merged + merged * outHidden);
    }
  }

  /** Values of an adapter of the projections of the decoder that are adapted. */
  public long adapterParameters(int rank, Workload.Trained trained) {
    long attention = 4L * text.hidden() + 2 * text.queryWidth() + 2 * text.keyWidth();
    long rest = 3L * (text.hidden() + text.intermediate());
    return (long) text.layers()
        * rank
        * (attention + (trained == Workload.Trained.ATTENTION_ADAPTER ? 0 : rest));
  }

  /** Values in all matrices and tables; within a thousandth of the number of parameters. */
  public long parameters() {
    return text.layers() * text.layerParameters()
        + text.tableParameters() * (tiedHead ? 1 : 2)
        + vision.parameters();
  }
}
