package io.medvol.model.memory;

/**
 * The sizes of a Qwen-VL model that decide how much memory it takes.
 *
 * @param tiedHead whether the token embeddings are also the output head
 */
public record ModelShape(Text text, Vision vision, boolean tiedHead) {

  /** The decoder. */
  public record Text(
      int layers,
      int hidden,
      int intermediate,
      int heads,
      int keyValueHeads,
      int headDim,
      int vocabulary) {

    long queryWidth() {
      return (long) heads * headDim;
    }

    long keyWidth() {
      return (long) keyValueHeads * headDim;
    }

    /** Values in the matrices of one layer; its norms and biases are less than a thousandth. */
    long layerParameters() {
      return 2 * hidden * queryWidth() + 2 * hidden * keyWidth() + 3L * hidden * intermediate;
    }

    long tableParameters() {
      return (long) vocabulary * hidden;
    }
  }

  /**
   * The vision tower.
   *
   * @param matrices of its MLP: 3 with a gate, else 2
   * @param patchLength values in one patch
   * @param mergeUnit patches that become one token
   * @param mergers the last one, and one for each DeepStack tap
   * @param positions rows of its learned position table; 0 without one
   */
  public record Vision(
      int depth,
      int hidden,
      int intermediate,
      int matrices,
      int heads,
      int outHidden,
      int patchLength,
      int mergeUnit,
      int mergers,
      long positions) {

    long parameters() {
      long merged = (long) hidden * mergeUnit;
      return depth * (4L * hidden * hidden + (long) matrices * hidden * intermediate)
          + (patchLength + positions) * hidden
          + mergers * (merged * merged + merged * outHidden);
    }
  }

  /** Values of an adapter of every projection of the decoder. */
  public long adapterParameters(int rank) {
    long widths =
        4L * text.hidden()
            + 2 * text.queryWidth()
            + 2 * text.keyWidth()
            + 3L * (text.hidden() + text.intermediate());
    return text.layers() * rank * widths;
  }

  /** Values in all matrices and tables; within a thousandth of the number of parameters. */
  public long parameters() {
    return text.layers() * text.layerParameters()
        + text.tableParameters() * (tiedHead ? 1 : 2)
        + vision.parameters();
  }
}
