package io.medvol.model.tensor;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Products with weights that oneDNN laid out for few rows: {@code pack} lays a matrix {@code
 * [out][in]} out, {@code product} takes it, with a bias {@code [out]}, in place of a plain one.
 * oneDNN 3.7 was seen to compute the last {@code out % 64} columns wrong on some AVX-512
 * processors. Packed matrices therefore have rows of zeros up to a multiple of 64. Thread-safe.
 */
public final class PackedProducts {
  private static final Logger LOG = LoggerFactory.getLogger(PackedProducts.class);

  /** Below, at and above the width of a block of columns, and no multiple of it. */
  private static final int[] WIDTHS = {16, 64, 96, 160, 764};

  private static final int[] DEPTHS = {64, 70};
  private static final int[] ROWS = {4, 9};

  private PackedProducts() {}

  /** Found out when it is first asked for; libraries and processor stay what they are. */
  private static final class Found {
    private static final boolean RIGHT = foundRight();
  }

  /**
   * Whether packed products are what plain ones are, in this process. The first call compares them
   * and logs one line if they differ; weights must not be packed then.
   */
  public static boolean areRight() {
    return Found.RIGHT;
  }

  private static boolean foundRight() {
    List<String> wrong;
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      wrong = differences(scope, (ops, x, w, b) -> ops.call("product", x, ops.call("pack", w), b));
    }
    if (!wrong.isEmpty()) {
      LOG.warn(
          "Weights are not packed for groups, which makes decoding slower: {} computes packed"
              + " products wrong on this processor ({})",
          TorchRuntime.version(),
          String.join(", ", wrong));
    }
    return wrong.isEmpty();
  }

  /** {@code x W^T + b}. */
  interface Product {
    NDArray of(Ops ops, NDArray x, NDArray w, NDArray b);
  }

  /** The shapes for which the product is not the plain one; sums of whole numbers are exact. */
  static List<String> differences(TensorScope scope, Product product) {
    Random random = new Random(1);
    return Arrays.stream(WIDTHS)
        .boxed()
        .flatMap(
            width ->
                Arrays.stream(DEPTHS)
                    .boxed()
                    .flatMap(
                        depth ->
                            Arrays.stream(ROWS)
                                .filter(rows -> differs(scope, product, random, rows, depth, width))
                                .mapToObj(rows -> rows + " x " + depth + " x " + width)))
        .toList();
  }

  private static boolean differs(
      TensorScope parent, Product product, Random random, int rows, int depth, int width) {
    try (TensorScope scope = parent.child()) {
      NDArray x = wholeNumbers(scope, random, rows, depth);
      NDArray w = wholeNumbers(scope, random, width, depth);
      NDArray b = wholeNumbers(scope, random, width);
      NDArray expected = scope.ops().linear(x, w, b);
      NDArray found = product.of(scope.ops(), x, w, b);
      return !Arrays.equals(Tensors.floats(found), Tensors.floats(expected));
    }
  }

  private static NDArray wholeNumbers(TensorScope scope, Random random, int... shape) {
    int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(-8, 9);
    }
    return scope.floats(values, Arrays.stream(shape).asLongStream().toArray());
  }
}
