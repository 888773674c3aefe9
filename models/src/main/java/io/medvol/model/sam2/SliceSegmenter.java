package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decides on one slice of each of a batch of tracks, and what is remembered of it. */
final class SliceSegmenter {
  private static final double ABSENT_LOGIT = -1024;
  private static final double MASK_LOGIT = 10;
  private static final int MASKS = MaskDecoder.MASKS;

  /**
   * @param memories {@code [track][place][memory width]}
   */
  record Batch(List<SliceDecision> decisions, NDArray memories) {}

  /** What the decoder chose: logits {@code [track][1][side][side]}, pointers, scores, overlaps. */
  private record Chosen(NDArray logits, NDArray pointers, NDArray scores, float[][] ious) {}

  private enum Origin {
    PROMPTED,
    TRACKED
  }

  private final Sam2Model model;
  private final Sam2Config config;
  private final Sam2Options options;
  private final Recall recall;

  /**
   * @param constants for memory to compute in
   */
  SliceSegmenter(Sam2Model model, Sam2Options options, TensorScope constants) {
    this.model = model;
    this.config = model.config();
    this.options = options;
    this.recall = new Recall(model, constants);
  }

  /** Slices prompted with points, equally many on each. */
  Batch prompted(
      List<Integer> slices,
      List<List<PromptPoint>> points,
      SliceFeatures features,
      GridSize size,
      TensorScope scope) {
    Ops ops = scope.ops();
    NDArray noMemory = ops.reshape(model.weights().get("no_mem_embed"), 1, -1, 1, 1);
    PromptEncoder.Embedded prompt =
        model.promptEncoder().points(points, size.rows(), size.columns(), scope);
    boolean ambiguous = points.get(0).size() <= 1;
    Chosen chosen = choose(ops.add(features.top(), noMemory), prompt, features, ambiguous, scope);
    return remember(slices, chosen, features, Origin.PROMPTED, scope);
  }

  /** A slice prompted with a mask, which is taken as it is. */
  Batch masked(SlicePrompt.Mask prompt, SliceFeatures features, TensorScope scope) {
    Ops ops = scope.ops();
    int side = config.imageSize();
    NDArray mask = squared(prompt.mask(), scope);
    NDArray logits = ops.affine(mask, 2 * MASK_LOGIT, -MASK_LOGIT);
    NDArray small = ops.image().bilinearAntialiased(logits, config.maskSide(), config.maskSide());
    NDArray quarter =
        ops.image()
            .conv2d(
                mask,
                model.weights().get("mask_downsample.weight"),
                model.weights().get("mask_downsample.bias"),
                4,
                0,
                1);
    Chosen chosen =
        choose(features.top(), model.promptEncoder().mask(quarter, ops), features, false, scope);
    boolean empty = Tensors.floats(ops.max(ops.reshape(mask, 1, (long) side * side), 1))[0] == 0;
    NDArray score = scope.floats(new float[] {(float) (empty ? -MASK_LOGIT : MASK_LOGIT)}, 1, 1);
    NDArray pointer = empty ? model.weights().get("no_obj_ptr") : chosen.pointers();
    Chosen taken = new Chosen(small, pointer, score, new float[][] {{1}});
    return remember(List.of(prompt.slice()), taken, features, Origin.PROMPTED, scope);
  }

  /** The mask on the network's input, {@code [1][1][imageSize][imageSize]}, zeros and ones. */
  private NDArray squared(BinaryMask mask, TensorScope scope) {
    Ops ops = scope.ops();
    GridSize size = mask.size();
    float[] values = new float[size.voxels()];
    for (int i = mask.nextSet(0); i >= 0; i = mask.nextSet(i + 1)) {
      values[i] = 1;
    }
    NDArray own = scope.floats(values, 1, 1, size.rows(), size.columns());
    int side = config.imageSize();
    if (size.rows() == side && size.columns() == side) {
      return own;
    }
    NDArray resized = ops.image().bilinearAntialiased(own, side, side);
    return ops.cast(ops.greater(resized, Math.nextDown(0.5f)), DType.F32);
  }

  /** Slices reached by tracking. */
  Batch tracked(
      List<Integer> slices, SliceView views, MemoryAttention.Memory memory, TensorScope scope) {
    Ops ops = scope.ops();
    SliceFeatures features = views.features();
    NDArray attended = recall.of(views.begun(), memory, ops);
    NDArray image = MaskDecoder.map(attended, config.grid(), ops);
    PromptEncoder.Embedded nothing = model.promptEncoder().nothing(slices.size(), ops);
    Chosen chosen = choose(image, nothing, features, true, scope);
    return remember(slices, chosen, features, Origin.TRACKED, scope);
  }

  /**
   * @param ambiguous whether the best of three masks is wanted rather than the single one
   */
  private Chosen choose(
      NDArray image,
      PromptEncoder.Embedded prompt,
      SliceFeatures features,
      boolean ambiguous,
      TensorScope scope) {
    Ops ops = scope.ops();
    MaskDecoder decoder = model.maskDecoder();
    MaskDecoder.Decoded decoded =
        decoder.decode(decoder.attend(image, model.denseEncoding(), prompt, ops), features, ops);
    int tracks = (int) image.getShape().get(0);
    float[] ious = Tensors.floats(decoded.ious());
    MaskChoice rule =
        ambiguous
            ? MaskChoice.BEST
            : options.postprocessing() == Sam2Options.Postprocessing.OFFICIAL
                ? MaskChoice.STEADIED
                : MaskChoice.SINGLE;
    long[] masks = rule.choose(decoded, ops);
    long[] tokens = new long[tracks];
    float[][] candidates = new float[tracks][];
    for (int track = 0; track < tracks; track++) {
      int first = MASKS * track;
      tokens[track] = ambiguous ? masks[track] : first;
      candidates[track] =
          ambiguous
              ? new float[] {ious[first + 1], ious[first + 2], ious[first + 3]}
              : new float[] {ious[(int) masks[track]]};
    }
    long side = config.maskSide();
    NDArray logits =
        ops.reshape(
            ops.indexSelect(
                ops.reshape(decoded.masks(), (long) MASKS * tracks, side * side),
                0,
                scope.longs(masks, tracks)),
            tracks,
            1,
            side,
            side);
    NDArray token =
        ops.indexSelect(
            ops.reshape(decoded.tokens(), (long) MASKS * tracks, config.width()),
            0,
            scope.longs(tokens, tracks));
    NDArray there = ops.greater(decoded.objectScore(), 0);
    NDArray absent = scope.floats(new float[] {(float) ABSENT_LOGIT}, 1);
    return new Chosen(
        ops.where(ops.reshape(there, tracks, 1, 1, 1), logits, absent),
        ops.where(there, pointer(token, ops), model.weights().get("no_obj_ptr")),
        decoded.objectScore(),
        candidates);
  }

  private NDArray pointer(NDArray token, Ops ops) {
    return ops.call(
        "sam_mlp3", token, model.weights().pairs("obj_ptr_proj.layers.", "0", "1", "2"), 0);
  }

  private Batch remember(
      List<Integer> slices,
      Chosen chosen,
      SliceFeatures features,
      Origin origin,
      TensorScope scope) {
    float[][] logits = rows(chosen.logits(), slices.size());
    NDArray seen = chosen.logits();
    if (options.fillHoleArea() > 0) {
      float[] all = new float[logits.length * logits[0].length];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = Holes.filled(logits[i], config.maskSide(), options.fillHoleArea());
        System.arraycopy(logits[i], 0, all, i * logits[i].length, logits[i].length);
      }
      // A tracked slice is remembered before its holes are filled.
      if (origin == Origin.PROMPTED) {
        seen = scope.floats(all, chosen.logits().getShape().getShape());
      }
    }
    NDArray memories = memories(seen, chosen.scores(), features, origin, scope.ops());
    float[] scores = Tensors.floats(chosen.scores());
    float[][] pointers = rows(chosen.pointers(), slices.size());
    List<SliceDecision> decisions = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      decisions.add(
          new SliceDecision(slices.get(i), logits[i], scores[i], pointers[i], chosen.ious()[i]));
    }
    return new Batch(decisions, memories);
  }

  private NDArray memories(
      NDArray logits, NDArray scores, SliceFeatures features, Origin origin, Ops ops) {
    int side = config.imageSize();
    NDArray large = ops.image().bilinear(logits, side, side);
    boolean hard =
        origin == Origin.PROMPTED
            && options.postprocessing() == Sam2Options.Postprocessing.OFFICIAL;
    NDArray mask = hard ? ops.cast(ops.greater(large, 0), DType.F32) : ops.sigmoid(large);
    Sam2Config.Tracking tracking = config.tracking();
    NDArray memory =
        model
            .memoryEncoder()
            .encode(
                features.top(),
                ops.cast(ops.affine(mask, tracking.maskScale(), tracking.maskBias()), model.type()),
                ops);
    memory = ops.cast(memory, DType.F32);
    NDArray nothing = ops.reshape(model.weights().get("no_obj_embed_spatial"), 1, -1, 1, 1);
    NDArray there = ops.reshape(ops.greater(scores, 0), -1, 1, 1, 1);
    NDArray gated = ops.where(there, memory, ops.add(memory, nothing));
    NDArray rounded = ops.cast(ops.cast(gated, DType.BF16), model.type());
    return ops.contiguous(MaskDecoder.sequence(rounded, ops));
  }

  private static float[][] rows(NDArray tensor, int rows) {
    float[] all = Tensors.floats(tensor);
    int length = all.length / rows;
    float[][] split = new float[rows][];
    for (int i = 0; i < rows; i++) {
      split[i] = Arrays.copyOfRange(all, i * length, (i + 1) * length);
    }
    return split;
  }
}
