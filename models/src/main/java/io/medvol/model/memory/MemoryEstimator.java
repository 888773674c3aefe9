package io.medvol.model.memory;

import io.medvol.model.memory.ModelShape.Text;
import io.medvol.model.memory.Workload.Trained;
import io.medvol.model.policy.ActivationCheckpointing;

/**
 * Predicts the largest memory a process holds beside its Java heap: the weights, all of whose pages
 * are touched, the tensors that are there at once, counted as this implementation makes them, and
 * what libraries and allocator take. Immutable and thread-safe.
 */
public final class MemoryEstimator {
  /** The JVM beside its heap, libtorch's code, compiled methods: measured. */
  private static final long RUNTIME_BYTES = 235L << 20;

  /**
   * Bytes of glibc's heap for each byte of tensors in it, since what was freed between others
   * stays: 1.1 to 2.5 were measured.
   */
  private static final double KEPT = 1.8;

  /** Larger ones never are in that heap; they go back to the system when they are freed. */
  private static final long LARGEST_KEPT = 32L << 20;

  /** Logits held at once while tokens are scored, if one token has no more. */
  private static final long SCORED_LOGITS = 1L << 24;

  /** Of a logit while it is scored: four arrays of doubles. */
  private static final int SCORED_BYTES = 4 * Double.BYTES;

  /** What becomes of memory that was freed. */
  public enum Allocator {
    /** glibc as it is by default: tensors that are not large stay in its heap. */
    KEEPS,
    /** The system gets it back at once, as with a small {@code MALLOC_MMAP_THRESHOLD_}. */
    GIVES_BACK
  }

  private final ModelShape shape;
  private final Allocator allocator;

  public MemoryEstimator(ModelShape shape) {
    this(shape, Allocator.KEEPS);
  }

  public MemoryEstimator(ModelShape shape, Allocator allocator) {
    this.shape = shape;
    this.allocator = allocator;
  }

  /** Bytes of the weights, the adapter's among them. */
  public long weights(Workload work) {
    long value = numbers(work).value();
    long tower = shape.vision().parameters();
    long rest = shape.parameters() - tower;
    return switch (work.trained()) {
      case ALL -> shape.parameters() * Float.BYTES;
      case LANGUAGE_MODEL -> rest * Float.BYTES + tower * value;
      case ADAPTER, ATTENTION_ADAPTER ->
          shape.parameters() * value + work.adapterParameters() * Float.BYTES;
    };
  }

  /** Bytes at the peak of sampling a group. */
  public long rollout(Workload work) {
    return total(work, rolloutTensors(work));
  }

  /** Bytes at the peak of an update by one group. */
  public long update(Workload work) {
    return total(work, updateTensors(work));
  }

  /** Tensors that are there at once while a group is sampled, weights left out. */
  long rolloutTensors(Workload work) {
    Text text = shape.text();
    DecoderMemory decoder = decoder(work);
    TowerMemory tower = tower(work);
    long features = tower.features(work);
    long cached = cached(work, features);
    long encoding = work.patches() * tower.passing() + features;
    long prompt = work.promptTokens() * decoder.layer() + decoder.rotations(work.promptTokens());
    long logits = work.group() * (long) text.vocabulary() * Float.BYTES;
    long steps = decoder.cache(work) + decoder.packed(work) + decoder.stepMask(work) + 2 * logits;
    long prefill = decoder.promptCache(work) + prompt + features - cached;
    return numbers(work).part() + cached + Math.max(encoding, Math.max(prefill, steps));
  }

  /** The same of an update. */
  long updateTensors(Workload work) {
    TowerMemory tower = tower(work);
    long features = tower.features(work);
    long encoding = work.patches() * tower.passing();
    long towerGraph = work.trained() == Trained.ALL ? work.patches() * tower.recorded() : 0;
    long pass =
        work.options().checkpointing() == ActivationCheckpointing.LAYERS
            ? recomputed(work, towerGraph)
            : recorded(work, towerGraph);
    return numbers(work).part() + features + Math.max(encoding, pass);
  }

  /** The pass that keeps the graph of every layer. */
  private long recorded(Workload work, long towerGraph) {
    DecoderMemory decoder = decoder(work);
    long rows = work.rows();
    long layer =
        rows * decoder.recorded(work.trained())
            + decoder.recordedWeights(work.trained())
            + decoder.blockKeys(work);
    long graph =
        shape.text().layers() * layer + 2 * row(work) * rows + shared(work, decoder) + towerGraph;
    long head = headGradient(work);
    long differentiated = head + rows * decoder.backward();
    // Gradients come as the graph goes, so that one end or the other is the peak.
    return Math.max(graph + Math.max(scoring(work), differentiated), gradients(work) + 2 * head);
  }

  /** The pass that keeps the inputs of the layers. */
  private long recomputed(Workload work, long towerGraph) {
    DecoderMemory decoder = decoder(work);
    Text text = shape.text();
    long rows = work.rows();
    long inputs = (text.layers() + 1L) * row(work) * rows + shared(work, decoder) + towerGraph;
    long ofLayer = work.trained().adapts() ? 0 : text.layerParameters() * Float.BYTES;
    long head = headGradient(work);
    long layer =
        head
            + rows * (decoder.recorded(work.trained()) + decoder.backward())
            + decoder.recordedWeights(work.trained())
            + decoder.blockKeys(work)
            + ofLayer;
    return inputs + Math.max(scoring(work), Math.max(layer, rows * decoder.layer()));
  }

  /** Rotations and masks of all layers. */
  private static long shared(Workload work, DecoderMemory decoder) {
    return decoder.rotations(work.rows()) + decoder.blockMasks(work);
  }

  private long row(Workload work) {
    return (long) shape.text().hidden() * numbers(work).value();
  }

  /** Scoring the tokens, and the gradient of the head if it is trained. */
  private long scoring(Workload work) {
    long vocabulary = shape.text().vocabulary();
    long chunk = Math.min(work.targets(), Math.max(1, SCORED_LOGITS / vocabulary));
    return Math.max(
        chunk * vocabulary * SCORED_BYTES,
        3 * headGradient(work) + 3 * chunk * vocabulary * Float.BYTES);
  }

  private long headGradient(Workload work) {
    return work.trained().adapts() ? 0 : shape.text().tableParameters() * Float.BYTES;
  }

  private long gradients(Workload work) {
    return switch (work.trained()) {
          case ALL -> shape.parameters();
          case LANGUAGE_MODEL -> shape.parameters() - shape.vision().parameters();
          case ADAPTER, ATTENTION_ADAPTER -> work.adapterParameters();
        }
        * Float.BYTES;
  }

  /** Features that outlive the pass they were computed for. */
  private static long cached(Workload work, long features) {
    boolean kept = work.trained() != Trained.ALL && features <= work.options().featureCacheBytes();
    return kept ? features : 0;
  }

  private long total(Workload work, long passing) {
    if (allocator == Allocator.GIVES_BACK) {
      return RUNTIME_BYTES + weights(work) + passing;
    }
    // About half of the bytes are in tensors of the inner width, the other half in narrower ones.
    long narrow = widest(work, shape.text().hidden(), shape.vision().hidden());
    long wide = widest(work, shape.text().intermediate(), shape.vision().intermediate());
    double share = (narrow < LARGEST_KEPT ? 0.5 : 0) + (wide < LARGEST_KEPT ? 0.5 : 0);
    return RUNTIME_BYTES + weights(work) + (long) (passing * (1 + share * (KEPT - 1)));
  }

  private static long widest(Workload work, long decoder, long tower) {
    return Math.max(work.rows() * decoder, work.patches() * tower) * numbers(work).value();
  }

  private DecoderMemory decoder(Workload work) {
    return new DecoderMemory(shape.text(), numbers(work));
  }

  private TowerMemory tower(Workload work) {
    return new TowerMemory(shape.vision(), numbers(work));
  }

  private static Numbers numbers(Workload work) {
    return Numbers.of(work.options().precision());
  }
}
