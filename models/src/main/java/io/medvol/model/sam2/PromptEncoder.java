package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns points and masks into embeddings by random Fourier features (arXiv 2006.10739). After the
 * points comes one that is none, as there is never a box apart from its corners.
 */
final class PromptEncoder {
  private static final String NAME = "sam_prompt_encoder.";

  /**
   * Tokens ({@code [track][token][width]}) and a map ({@code [track or 1][width][row][column]}).
   */
  record Embedded(NDArray sparse, NDArray dense) {}

  private final Sam2Config config;
  private final Sam2Weights weights;
  private final List<NDArray> maskWeights;

  PromptEncoder(Sam2Config config, Sam2Weights weights) {
    this.config = config;
    this.weights = weights;
    this.maskWeights = weights.pairs(NAME + "mask_downscaling.", "0", "1", "3", "4", "6");
  }

  /** The encoding of every place of the coarsest map, {@code [1][width][row][column]}. */
  NDArray denseEncoding(TensorScope scope) {
    int grid = config.grid();
    float[] places = new float[grid * grid * 2];
    for (int i = 0; i < grid * grid; i++) {
      places[2 * i] = (i % grid + 0.5f) / grid;
      places[2 * i + 1] = (i / grid + 0.5f) / grid;
    }
    NDArray encoded = fourier(scope.floats(places, grid, grid, 2), scope.ops());
    return scope
        .ops()
        .contiguous(
            scope
                .ops()
                .reshape(scope.ops().permute(encoded, 2, 0, 1), 1, config.width(), grid, grid));
  }

  /**
   * Points of one or more tracks, equally many for each.
   *
   * @param rows and columns of the volume's slices
   */
  Embedded points(List<List<PromptPoint>> tracks, int rows, int columns, TensorScope scope) {
    int count = tracks.get(0).size();
    float[] places = new float[tracks.size() * (count + 1) * 2];
    long[] labels = new long[tracks.size() * (count + 1)];
    int at = 0;
    for (List<PromptPoint> track : tracks) {
      for (PromptPoint point : track) {
        places[2 * at] = place(point.x(), columns);
        places[2 * at + 1] = place(point.y(), rows);
        labels[at++] = 1L + point.label().ordinal();
      }
      at++;
    }
    Ops ops = scope.ops();
    NDArray encoded = fourier(scope.floats(places, tracks.size(), count + 1, 2), ops);
    NDArray nothing = ops.zeros(DType.F32, 1, 1, config.width());
    NDArray real =
        ops.cat(
            List.of(
                ops.narrow(encoded, 1, 0, count),
                ops.expand(nothing, tracks.size(), 1, config.width())),
            1);
    NDArray meanings =
        ops.embedding(labelTable(ops), scope.longs(labels, tracks.size(), count + 1));
    return embedded(ops.add(real, meanings), noMask(ops), ops);
  }

  /** For tracked slices: two tokens that are no points. */
  Embedded nothing(int tracks, Ops ops) {
    NDArray token = ops.reshape(weights.get(NAME + "not_a_point_embed.weight"), 1, 1, -1);
    return embedded(ops.expand(token, tracks, 2, config.width()), noMask(ops), ops);
  }

  /**
   * A mask prompt beside no points.
   *
   * @param masks {@code [track][1][maskSide][maskSide]}
   */
  Embedded mask(NDArray masks, Ops ops) {
    int tracks = (int) masks.getShape().get(0);
    return embedded(
        nothing(tracks, ops).sparse(), ops.call("sam_mask_embedding", masks, maskWeights), ops);
  }

  private Embedded embedded(NDArray sparse, NDArray dense, Ops ops) {
    return new Embedded(ops.cast(sparse, weights.type()), ops.cast(dense, weights.type()));
  }

  private NDArray noMask(Ops ops) {
    return ops.reshape(weights.get(NAME + "no_mask_embed.weight"), 1, -1, 1, 1);
  }

  /** Rows: no point, background, foreground, first and second corner. */
  private NDArray labelTable(Ops ops) {
    List<NDArray> rows = new ArrayList<>();
    rows.add(weights.get(NAME + "not_a_point_embed.weight"));
    for (int label = 0; label < 4; label++) {
      rows.add(weights.get(NAME + "point_embeddings." + label + ".weight"));
    }
    return ops.cat(rows, 0);
  }

  /** A pixel of the slice as a share of the input's side, at the pixel's centre there. */
  private float place(float pixel, int length) {
    return (pixel / length * config.imageSize() + 0.5f) / config.imageSize();
  }

  private NDArray fourier(NDArray places, Ops ops) {
    NDArray matrix = weights.get(NAME + "pe_layer.positional_encoding_gaussian_matrix");
    NDArray angles = ops.affine(ops.matmul(ops.affine(places, 2, -1), matrix), 2 * Math.PI, 0);
    return ops.cat(List.of(ops.sin(angles), ops.cos(angles)), -1);
  }
}
