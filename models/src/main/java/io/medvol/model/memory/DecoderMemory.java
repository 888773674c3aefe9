package io.medvol.model.memory;

import io.medvol.model.memory.ModelShape.Text;
import io.medvol.model.memory.Workload.Trained;

/** Bytes of the decoder's tensors; those of a layer for each row of a pass. */
final class DecoderMemory {
  /** When the decoder copies its matrices. */
  private static final int PACKED_GROUP = 4;

  private static final long PACKED_BYTES = 512L << 20;

  private final Text text;
  private final Numbers numbers;
  private final long hidden;
  private final long inner;
  private final long queries;
  private final long keys;

  DecoderMemory(Text text, Numbers numbers) {
    this.text = text;
    this.numbers = numbers;
    this.hidden = text.hidden();
    this.inner = text.intermediate();
    this.queries = text.queryWidth();
    this.keys = text.keyWidth();
  }

  /** What a layer that keeps nothing has at once at most, its input among it. */
  long layer() {
    long b = numbers.value();
    long rotation = b * (hidden + queries + 2 * keys) + 3 * Numbers.WIDE * queries;
    long joining = b * (hidden + 4 * queries + 3 * keys);
    long gated =
        Math.max(
            b * (3 * hidden + inner) + numbers.product(hidden, inner),
            b * (2 * hidden + 3 * inner));
    return Math.max(Math.max(rotation, joining), gated);
  }

  /** What the recorded graph of a layer keeps until it is differentiated. */
  long recorded(Trained trained) {
    long b = numbers.value();
    boolean rest = trained != Trained.ATTENTION_ADAPTER;
    boolean weights = !trained.adapts();
    // A product whose weight, or adapter, is trained keeps its input; in float32 if it is widened,
    // and then each of the projections of one input keeps a copy of its own.
    long input = numbers.widened() ? Numbers.WIDE : b;
    int copies = numbers.widened() ? 3 : 1;
    long norms = 2 * Numbers.WIDE * hidden + (weights ? 2 * b * hidden : 0);
    long heads = text.headNorm() ? (Numbers.WIDE + (weights ? b : 0)) * (queries + keys) : 0;
    long attention =
        (numbers.widened() ? 4 * Numbers.WIDE * queries : b * (2 * queries + 2 * keys))
            + input * (copies * hidden + queries);
    long gate = 3 * b * inner;
    long gateInput = rest ? input * (Math.min(copies, 2) * hidden + inner) : 0;
    return norms + heads + attention + gate + gateInput;
  }

  /** What it keeps of a layer whatever the number of rows: frozen matrices that were widened. */
  long recordedWeights(Trained trained) {
    return numbers.widened() && trained.adapts() ? text.layerParameters() * Numbers.WIDE : 0;
  }

  /** What differentiating a layer has at once at most beside its graph. */
  long backward() {
    long widened = numbers.widened() ? Numbers.WIDE * (hidden + inner) : 0;
    return numbers.value() * (3 * hidden + 3 * inner) + widened;
  }

  /** Keys and values of a prompt. */
  long promptCache(Workload work) {
    return 2L * text.layers() * keys * work.promptTokens() * numbers.value();
  }

  /** Those, and what the steps of a group put behind them. */
  long cache(Workload work) {
    return 2L * text.layers() * keys * (work.promptTokens() + work.targets()) * numbers.value();
  }

  /** Cosines and sines of the rows. */
  long rotations(long rows) {
    return 2L * Float.BYTES * text.headDim() * rows;
  }

  /** Copies of the matrices in another layout, which a group of a small model is sampled with. */
  long packed(Workload work) {
    long layers = text.layers() * text.layerParameters() * Float.BYTES;
    return work.group() < PACKED_GROUP || layers > PACKED_BYTES
        ? 0
        : layers + text.tableParameters() * Float.BYTES;
  }

  /** What the completions of a group see of the prompt and each other while they are sampled. */
  long stepMask(Workload work) {
    long rows = queries / keys * work.group();
    return rows * (work.promptTokens() + work.targets()) * (Numbers.WIDE + numbers.value());
  }

  /** The same while they are scored, in blocks that are no longer than the prompt. */
  long blockMasks(Workload work) {
    long behind = work.rows() - work.promptTokens();
    return behind * (work.promptTokens() + blockRows(work)) * numbers.value();
  }

  /** Keys that a layer copies for blocks of completions, where there are several. */
  long blockKeys(Workload work) {
    long behind = work.rows() - work.promptTokens();
    long block = blockRows(work);
    long blocks = block == 0 ? 0 : (behind + block - 1) / block;
    long copied = blocks < 2 ? 0 : blocks * work.promptTokens() + behind;
    // Each query head that shares a key head widens a copy of its own.
    long widened = numbers.widened() ? blocks * work.promptTokens() * queries * Numbers.WIDE : 0;
    return 2 * keys * copied * numbers.value() + 2 * widened;
  }

  private static long blockRows(Workload work) {
    long completion = work.completionTokens() - 1L;
    long behind = work.rows() - work.promptTokens();
    return completion == 0
        ? 0
        : Math.min(behind, Math.max(1, work.promptTokens() / completion) * completion);
  }
}
