package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.TensorScope;
import java.util.function.IntFunction;

/**
 * Cosines and sines of rotary positions (arXiv 2104.09864), {@code [token][head dim]}: the angles
 * fill the first half of the last axis and are repeated in the second.
 */
final class RotaryTable {
  private final int dim;
  private final float[] cos;
  private final float[] sin;

  private RotaryTable(int tokens, int dim) {
    this.dim = dim;
    this.cos = new float[Math.multiplyExact(tokens, dim)];
    this.sin = new float[cos.length];
  }

  /** Of the tokens of a sequence. */
  static RotaryTable of(QwenConfig.Text text, RopePositions positions) {
    return of(text, positions.length(), token -> axis -> positions.at(axis, token));
  }

  /** Of consecutive text tokens, all axes alike. */
  static RotaryTable ofText(QwenConfig.Text text, int first, int count) {
    return of(text, count, token -> axis -> first + token);
  }

  /** Of tokens whose position on each axis is given. */
  static RotaryTable of(QwenConfig.Text text, int tokens, IntFunction<Axes> positions) {
    QwenConfig.Rotary rotary = text.rotary();
    int half = text.headDim() / 2;
    float[] frequencies = frequencies(rotary.theta(), half);
    int[] axes = new int[half];
    for (int f = 0; f < half; f++) {
      axes[f] = rotary.order().axis(f, rotary.sections());
    }
    RotaryTable table = new RotaryTable(tokens, text.headDim());
    for (int token = 0; token < tokens; token++) {
      Axes at = positions.apply(token);
      for (int f = 0; f < half; f++) {
        table.put(token, f, at.position(axes[f]) * frequencies[f]);
      }
    }
    return table;
  }

  /** Of the patches of pictures: half of the angles follow the row, half the column. */
  static RotaryTable of(QwenConfig.Vision vision, PatchGrid patches) {
    int quarter = vision.headDim() / 4;
    float[] frequencies = frequencies(vision.rotaryTheta(), quarter);
    RotaryTable table = new RotaryTable(patches.count(), vision.headDim());
    for (int patch = 0; patch < patches.count(); patch++) {
      for (int f = 0; f < quarter; f++) {
        table.put(patch, f, patches.row(patch) * frequencies[f]);
        table.put(patch, quarter + f, patches.column(patch) * frequencies[f]);
      }
    }
    return table;
  }

  /** {@code theta^(-i / count)}, rounded to float as the reference does. */
  static float[] frequencies(double theta, int count) {
    float[] frequencies = new float[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = (float) (1 / Math.pow(theta, (double) i / count));
    }
    return frequencies;
  }

  private void put(int token, int frequency, float angle) {
    int at = token * dim + frequency;
    cos[at] = (float) Math.cos(angle);
    sin[at] = (float) Math.sin(angle);
    cos[at + dim / 2] = cos[at];
    sin[at + dim / 2] = sin[at];
  }

  Rotation in(TensorScope scope) {
    long tokens = cos.length / dim;
    return new Rotation(scope.floats(cos, tokens, dim), scope.floats(sin, tokens, dim));
  }

  /** The table as tensors. */
  record Rotation(NDArray cos, NDArray sin) {}

  /** The position of one token. */
  @FunctionalInterface
  interface Axes {
    int position(int axis);
  }
}
