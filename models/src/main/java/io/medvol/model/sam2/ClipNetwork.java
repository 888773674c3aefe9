package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The video model unrolled over short clips, differentiable in its weights: what a track sees from
 * its prompted slice on, with the parts that inference uses. The prompted slice is remembered by
 * its thresholded mask, as the official predictor does. Lives as long as its scope; one thread.
 */
public final class ClipNetwork {
  private static final double ABSENT_LOGIT = -1024;

  /**
   * Clips that advance as one batch. Those of several slices come first; the others have only their
   * prompted slice.
   *
   * @param images {@code [slice][3][side][side]}, normalised: the prompted slices of all clips,
   *     then the second slices of those that have one, and so on
   * @param boxes of the prompted slices, first and last pixels of the input
   * @param tracked clips of several slices
   * @param slices of these clips
   * @param visible whether the object is on a slice, {@code [slice of the clip][clip]}; it gates
   *     what is remembered
   * @param pointerSpan the largest distance pointers are spaced by, for each tracked clip
   */
  public record Clips(
      NDArray images,
      List<List<PromptPoint>> boxes,
      int tracked,
      int slices,
      boolean[][] visible,
      int[] pointerSpan) {}

  /**
   * What the decoder says of one slice of each clip.
   *
   * @param masks logits, {@code [clip][masks][maskSide][maskSide]}: four on prompted slices, the
   *     single one first, three on tracked ones
   * @param ious predicted overlaps, {@code [clip][masks]}
   * @param scores above 0 where the object is there, {@code [clip][1]}
   */
  public record Frame(NDArray masks, NDArray ious, NDArray scores) {}

  private record Remembered(NDArray values, NDArray pointers) {}

  private final Sam2Config config;
  private final Sam2Weights weights;
  private final TensorScope scope;
  private final Ops ops;
  private final ImageEncoder imageEncoder;
  private final PromptEncoder promptEncoder;
  private final MaskDecoder maskDecoder;
  private final MemoryEncoder memoryEncoder;
  private final MemoryAttention memoryAttention;
  private final NDArray denseEncoding;
  private final NDArray memoryPositions;

  /**
   * @param tensors all weights by their official names, float32
   * @param scope of one step; what is computed belongs to it
   */
  public ClipNetwork(Sam2Config config, Map<String, NDArray> tensors, TensorScope scope) {
    this.config = config;
    this.weights = new Sam2Weights(tensors);
    this.scope = scope;
    this.ops = scope.ops();
    this.imageEncoder =
        new ImageEncoder(config, weights, ImageEncoder.places(config, weights, ops));
    this.promptEncoder = new PromptEncoder(config, weights);
    this.maskDecoder = new MaskDecoder(weights);
    this.memoryEncoder = new MemoryEncoder(config, weights);
    int grid = config.grid();
    NDArray turns =
        scope.floats(
            Sines.rotations(config.width(), grid, config.memoryAttention().ropeTheta()),
            (long) grid * grid,
            config.width() / 2,
            2);
    this.memoryAttention = new MemoryAttention(config, weights, positions(config.width()), turns);
    this.denseEncoding = promptEncoder.denseEncoding(scope);
    NDArray times =
        ops.reshape(weights.get("maskmem_tpos_enc"), config.tracking().memories(), 1, -1);
    this.memoryPositions = ops.add(positions(config.memoryEncoder().width()), times);
  }

  private NDArray positions(int channels) {
    int grid = config.grid();
    NDArray map = scope.floats(Sines.map(channels, grid), 1, channels, grid, grid);
    return ops.contiguous(MaskDecoder.sequence(map, ops));
  }

  /** Decides on all slices in order; the first frame has all clips, the others the tracked ones. */
  public List<Frame> unroll(Clips clips) {
    int prompted = clips.boxes().size();
    SliceFeatures features = imageEncoder.encode(clips.images(), ops);
    List<Frame> frames = new ArrayList<>();
    SliceFeatures first = part(features, 0, prompted);
    PromptEncoder.Embedded prompt =
        promptEncoder.points(clips.boxes(), config.imageSize(), config.imageSize(), scope);
    MaskDecoder.Decoded decoded = decode(prompted(first), prompt, first);
    frames.add(new Frame(decoded.masks(), decoded.ious(), decoded.objectScore()));
    if (clips.tracked() == 0 || clips.slices() < 2) {
      return frames;
    }
    List<Remembered> memory = new ArrayList<>();
    memory.add(remember(decoded, MaskChoice.STEADIED, part(first, 0, clips.tracked()), clips, 0));
    for (int slice = 1; slice < clips.slices(); slice++) {
      int from = prompted + (slice - 1) * clips.tracked();
      SliceFeatures own = part(features, from, clips.tracked());
      NDArray attended =
          memoryAttention.attend(
              MaskDecoder.sequence(own.top(), ops), bank(memory, clips.pointerSpan()), ops);
      NDArray image = MaskDecoder.map(attended, config.grid(), ops);
      MaskDecoder.Decoded tracked = decode(image, promptEncoder.nothing(clips.tracked(), ops), own);
      frames.add(
          new Frame(
              ops.narrow(tracked.masks(), 1, 1, MaskDecoder.MASKS - 1),
              ops.narrow(tracked.ious(), 1, 1, MaskDecoder.MASKS - 1),
              tracked.objectScore()));
      if (slice + 1 < clips.slices()) {
        memory.add(remember(tracked, MaskChoice.BEST, own, clips, slice));
      }
    }
    return frames;
  }

  /**
   * The features the decoder sees on prompted slices.
   *
   * @param images as of {@link Clips}
   * @return {@code [slice][width][row][column]}
   */
  public NDArray promptedFeatures(NDArray images) {
    return prompted(imageEncoder.encode(images, ops));
  }

  private NDArray prompted(SliceFeatures features) {
    return ops.add(features.top(), ops.reshape(weights.get("no_mem_embed"), 1, -1, 1, 1));
  }

  private MaskDecoder.Decoded decode(
      NDArray image, PromptEncoder.Embedded prompt, SliceFeatures features) {
    return maskDecoder.decode(maskDecoder.attend(image, denseEncoding, prompt, ops), features, ops);
  }

  private SliceFeatures part(SliceFeatures all, int from, int count) {
    return new SliceFeatures(
        ops.narrow(all.finest(), 0, from, count),
        ops.narrow(all.fine(), 0, from, count),
        ops.narrow(all.top(), 0, from, count));
  }

  private Remembered remember(
      MaskDecoder.Decoded decoded,
      MaskChoice rule,
      SliceFeatures features,
      Clips clips,
      int slice) {
    int count = clips.tracked();
    long[] masks = Arrays.copyOf(rule.choose(decoded, ops), count);
    long[] tokens = masks.clone();
    float[] seen = new float[count];
    for (int clip = 0; clip < count; clip++) {
      seen[clip] = clips.visible()[slice][clip] ? 1 : 0;
      if (rule != MaskChoice.BEST) {
        tokens[clip] = (long) clip * MaskDecoder.MASKS;
      }
    }
    NDArray there = ops.greater(scope.floats(seen, count, 1), 0.5);
    NDArray thereMap = ops.reshape(there, count, 1, 1, 1);
    long side = config.maskSide();
    NDArray flat = ops.reshape(decoded.masks(), -1, side * side);
    NDArray logits =
        ops.reshape(ops.indexSelect(flat, 0, scope.longs(masks, count)), count, 1, side, side);
    NDArray absent = scope.floats(new float[] {(float) ABSENT_LOGIT}, 1);
    NDArray large =
        ops.image()
            .bilinear(ops.where(thereMap, logits, absent), config.imageSize(), config.imageSize());
    NDArray mask =
        rule == MaskChoice.BEST ? ops.sigmoid(large) : ops.cast(ops.greater(large, 0), DType.F32);
    Sam2Config.Tracking tracking = config.tracking();
    NDArray memory =
        memoryEncoder.encode(
            features.top(), ops.affine(mask, tracking.maskScale(), tracking.maskBias()), ops);
    NDArray nothing = ops.reshape(weights.get("no_obj_embed_spatial"), 1, -1, 1, 1);
    NDArray gated = ops.where(thereMap, memory, ops.add(memory, nothing));
    NDArray rounded = ops.cast(ops.cast(gated, DType.BF16), DType.F32);
    NDArray token =
        ops.indexSelect(
            ops.reshape(decoded.tokens(), -1, config.width()), 0, scope.longs(tokens, count));
    NDArray pointer =
        ops.call("sam_mlp3", token, weights.pairs("obj_ptr_proj.layers.", "0", "1", "2"), 0);
    return new Remembered(
        MaskDecoder.sequence(rounded, ops), ops.where(there, pointer, weights.get("no_obj_ptr")));
  }

  /** Lays memories out as {@link Track} and {@link MemoryBank} do. */
  private MemoryAttention.Memory bank(List<Remembered> past, int[] pointerSpan) {
    int next = past.size();
    int count = pointerSpan.length;
    int memories = config.tracking().memories();
    List<NDArray> values = new ArrayList<>();
    List<NDArray> places = new ArrayList<>();
    List<NDArray> pointers = new ArrayList<>();
    List<Integer> distances = new ArrayList<>();
    values.add(past.get(0).values());
    places.add(ops.narrow(memoryPositions, 0, memories - 1L, 1));
    pointers.add(past.get(0).pointers());
    distances.add(next);
    for (int distance = Math.min(memories, next) - 1; distance >= 1; distance--) {
      values.add(past.get(next - distance).values());
      places.add(ops.narrow(memoryPositions, 0, distance - 1L, 1));
    }
    for (int distance = 1; distance < Math.min(config.tracking().pointers(), next); distance++) {
      pointers.add(past.get(next - distance).pointers());
      distances.add(distance);
    }
    int width = config.memoryEncoder().width();
    int split = config.width() / width;
    long tokens = (long) pointers.size() * split;
    values.add(ops.reshape(ops.stack(pointers, 1), count, tokens, width));
    NDArray where = ops.cat(places, 1);
    NDArray everywhere = ops.expand(where, count, where.getShape().get(1), width);
    return new MemoryAttention.Memory(
        ops.cat(values, 1),
        ops.cat(List.of(everywhere, distances(distances, pointerSpan, split)), 1),
        (int) tokens);
  }

  private NDArray distances(List<Integer> distances, int[] pointerSpan, int split) {
    int width = config.width();
    int memory = config.memoryEncoder().width();
    int count = pointerSpan.length * distances.size();
    float[] sines = new float[count * width];
    int at = 0;
    for (int span : pointerSpan) {
      for (int distance : distances) {
        Sines.number((float) distance / span, sines, at, width);
        at += width;
      }
    }
    NDArray projected =
        ops.linear(
            scope.floats(sines, count, width),
            weights.get("obj_ptr_tpos_proj.weight"),
            weights.get("obj_ptr_tpos_proj.bias"));
    NDArray repeated = ops.expand(ops.reshape(projected, count, 1, memory), count, split, memory);
    return ops.reshape(repeated, pointerSpan.length, (long) distances.size() * split, memory);
  }
}
