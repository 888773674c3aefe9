package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** What the libraries do on this processor. */
final class RowKernels {
  private static final int WIDTH = 64;

  private RowKernels() {}

  /** Whether a row of a product is the same however many further rows there are, from four on. */
  static boolean areIndependent() {
    Random random = new Random(1);
    float[] values = new float[12 * WIDTH];
    float[] matrix = new float[WIDTH * WIDTH];
    IntStream.range(0, values.length).forEach(i -> values[i] = (float) random.nextGaussian());
    IntStream.range(0, matrix.length).forEach(i -> matrix[i] = (float) random.nextGaussian());
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      NDArray weight = scope.floats(matrix, WIDTH, WIDTH);
      float[] all = Tensors.floats(scope.ops().linear(scope.floats(values, 12, WIDTH), weight));
      return IntStream.range(GroupDecoder.FEWEST_ROWS, 12)
          .allMatch(
              rows -> {
                float[] some = Arrays.copyOf(values, rows * WIDTH);
                NDArray product = scope.ops().linear(scope.floats(some, rows, WIDTH), weight);
                return Arrays.equals(Tensors.floats(product), Arrays.copyOf(all, rows * WIDTH));
              });
    }
  }
}
