package io.medvol.model.lora;

/** What an adapter's product is multiplied by. */
public enum LoraScaling {
  /** {@code alpha / r}. */
  STANDARD {
    @Override
    double scale(double alpha, int rank) {
      return alpha / rank;
    }
  },
  /** {@code alpha / sqrt(r)} (arXiv 2312.03732). */
  RANK_STABILISED {
    @Override
    double scale(double alpha, int rank) {
      return alpha / Math.sqrt(rank);
    }
  };

  abstract double scale(double alpha, int rank);
}
