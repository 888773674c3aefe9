package io.medvol.grpo.checkpoint;

/**
 * Where a prompt sampler stands.
 *
 * @param epoch pass over the data set, from 0
 * @param position samples of the pass that were handed out
 */
public record SamplerCursor(int epoch, int position) {
  public static final SamplerCursor START = new SamplerCursor(0, 0);

  public SamplerCursor {
    if (epoch < 0 || position < 0) {
      throw new IllegalArgumentException("A cursor of " + epoch + ", " + position);
    }
  }
}
