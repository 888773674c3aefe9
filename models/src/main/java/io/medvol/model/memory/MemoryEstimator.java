package io.medvol.model.memory;

import io.medvol.model.memory.ModelShape.Text;
import io.medvol.model.memory.ModelShape.Vision;
import io.medvol.model.memory.Workload.Trained;

/**
 * Predicts the largest memory a process holds beside its Java heap, by counting the tensors that
 * are alive at once. The counts are those of this implementation; what the libraries themselves
 * need, and what the allocator keeps of what was freed, was measured. Immutable and thread-safe.
 */
public final class MemoryEstimator {
  /** The JVM beside its heap, libtorch's code, compiled methods. */
  private static final long RUNTIME_BYTES = 235L << 20;

  /** What the allocator holds for each byte that comes and goes. */
  private static final double KEPT = 1.4;

  /** Rows of the tower's width that a block makes for each patch: qkv, its rotations, sums. */
  private static final int VISION_ROWS = 12;

  private static final int VISION_INNER_ROWS = 3;

  /** The same for a layer of the decoder. */
  private static final int LAYER_ROWS = 8;

  private static final int LAYER_INNER_ROWS = 3;

  /** What the recorded graph keeps of a layer when only an adapter has gradients. */
  private static final int KEPT_ROWS = 9;

  private static final int KEPT_INNER_ROWS = 3;

  /** What it keeps beyond that for the gradients of the weights: the inputs of the matrices. */
  private static final int KEPT_INPUT_ROWS = 2;

  private static final int KEPT_INPUT_INNER_ROWS = 1;

  /** Logits held at once while tokens are scored, and the bytes of one in double precision. */
  private static final long SCORED_LOGITS = 1L << 24;

  private static final int BYTES_PER_LOGIT = 44;

  /** Steps that the cache of a group has room for at first; it doubles. */
  private static final int FIRST_STEPS = 32;

  private final ModelShape shape;

  public MemoryEstimator(ModelShape shape) {
    this.shape = shape;
  }

  /** Bytes of the weights, the adapter's among them. */
  public long weights(Workload work) {
    return shape.parameters() * work.precision().bytes() + work.adapterParameters() * Float.BYTES;
  }

  /** Bytes at the peak of sampling a group. */
  public long rollout(Workload work) {
    Text text = shape.text();
    long steps = FIRST_STEPS;
    while (steps < work.completionTokens()) {
      steps *= 2;
    }
    long cached =
        work.promptTokens() + work.group() * Math.min(steps, 2L * work.completionTokens());
    long cache = 2 * text.layers() * text.keyWidth() * cached * work.precision().bytes();
    long logits = 2L * work.group() * text.vocabulary() * Float.BYTES;
    return RUNTIME_BYTES
        + weights(work)
        + cache
        + logits
        + kept(visionOutput(work) + Math.max(visionBlock(work), layer(work, work.promptTokens())));
  }

  /** Bytes at the peak of an update by one group. */
  public long update(Workload work) {
    Text text = shape.text();
    long rows = work.promptTokens() + (long) work.group() * (work.completionTokens() - 1);
    boolean matrices = work.trained() != Trained.ADAPTER;
    int keptRows = KEPT_ROWS + (matrices ? KEPT_INPUT_ROWS : 0);
    int keptInner = KEPT_INNER_ROWS + (matrices ? KEPT_INPUT_INNER_ROWS : 0);
    long graph =
        rows
            * text.layers()
            * ((long) keptRows * text.hidden() + (long) keptInner * text.intermediate())
            * work.precision().bytes();
    if (work.trained() == Trained.ALL) {
      Vision vision = shape.vision();
      graph +=
          (long) work.patches()
              * vision.depth()
              * ((long) VISION_ROWS * vision.hidden()
                  + (long) VISION_INNER_ROWS * vision.intermediate())
              * work.precision().bytes();
    }
    long targets = (long) work.group() * work.completionTokens() * text.vocabulary();
    long head = Math.min(targets, SCORED_LOGITS) * BYTES_PER_LOGIT;
    long passing = Math.max(head, Math.max(visionBlock(work), layer(work, rows)));
    return RUNTIME_BYTES
        + weights(work)
        + gradients(work)
        + kept(graph + visionOutput(work) + passing);
  }

  private long gradients(Workload work) {
    long trained =
        switch (work.trained()) {
          case ALL -> shape.parameters();
          case LANGUAGE_MODEL -> shape.parameters() - shape.vision().parameters();
          case ADAPTER -> work.adapterParameters();
        };
    return trained * Float.BYTES;
  }

  /** Pixels, and what every block gives, which stays until the features are merged. */
  private long visionOutput(Workload work) {
    Vision vision = shape.vision();
    return work.patches()
        * ((long) vision.patchLength() * Float.BYTES
            + (vision.depth() + 1L) * vision.hidden() * work.precision().bytes());
  }

  private long visionBlock(Workload work) {
    Vision vision = shape.vision();
    return work.patches()
        * ((long) VISION_ROWS * vision.hidden() + (long) VISION_INNER_ROWS * vision.intermediate())
        * work.precision().bytes();
  }

  private long layer(Workload work, long rows) {
    Text text = shape.text();
    return rows
        * ((long) LAYER_ROWS * text.hidden() + (long) LAYER_INNER_ROWS * text.intermediate())
        * work.precision().bytes();
  }

  private static long kept(long bytes) {
    return (long) (KEPT * bytes);
  }
}
