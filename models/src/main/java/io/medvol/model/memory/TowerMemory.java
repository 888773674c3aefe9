package io.medvol.model.memory;

import io.medvol.model.memory.ModelShape.Vision;

/** Bytes of the vision tower's tensors, for each patch. */
final class TowerMemory {
  /** Table entries that a patch's position mixes. */
  private static final int TAPS = 4;

  private final Vision vision;
  private final Numbers numbers;
  private final long hidden;
  private final long inner;

  TowerMemory(Vision vision, Numbers numbers) {
    this.vision = vision;
    this.numbers = numbers;
    this.hidden = vision.hidden();
    this.inner = vision.intermediate();
  }

  /** What encoding has at once at most, the features not among it. */
  long passing() {
    return Math.max(input(), block() + rotation());
  }

  private long input() {
    long b = numbers.value();
    long pixels = (Float.BYTES + (numbers.widened() ? b : 0)) * vision.patchLength();
    long positions =
        vision.positions() == 0
            ? 0
            : TAPS * (Long.BYTES + Float.BYTES) + 2L * TAPS * Float.BYTES * hidden;
    return Math.max(
            pixels + numbers.product(vision.patchLength(), hidden), 2 * b * hidden + positions)
        + (positions > 0 ? (long) Float.BYTES * hidden : 0);
  }

  private long block() {
    long b = numbers.value();
    long rotation = 5 * b * hidden + 3 * Numbers.WIDE * hidden;
    long gated = vision.mlp() == ModelShape.Mlp.GATED ? b * inner : 0;
    long rising = 3 * b * hidden + gated + numbers.product(hidden, inner);
    long inside = b * (3 * hidden + vision.mlp().passing * inner);
    return Math.max(rotation, Math.max(rising, inside));
  }

  private long rotation() {
    return 2L * Float.BYTES * (hidden / vision.heads());
  }

  /** What the recorded graph of a trained tower keeps. */
  long recorded() {
    long b = numbers.value();
    long input = numbers.widened() ? Numbers.WIDE : b;
    return vision.depth() * (b * (7 * hidden + vision.mlp().kept * inner) + 4 * input * hidden)
        + rotation();
  }

  /** Features of the pictures, those for DeepStack among them. */
  long features(Workload work) {
    return (long) work.patches()
        / vision.mergeUnit()
        * vision.outHidden()
        * vision.mergers()
        * numbers.value();
  }
}
