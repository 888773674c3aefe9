package io.medvol.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed products against sums in double precision, and what happens where they are wrong. */
@Tag("numeric")
class PackedProductsTest {
  private static final int DEPTH = 70;
  private static final int MOST_ROWS = 16;

  /** Of a sum of {@link #DEPTH} products of normal numbers. */
  private static final double ROUNDING = 1e-4;

  private static TorchRuntime runtime;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void everyWidthGivesThePlainProduct() {
    IntStream.rangeClosed(1, 300).forEach(width -> check(width, DEPTH, 4, 16));
  }

  @Test
  void everyNumberOfRowsGivesThePlainProduct() {
    for (int width : new int[] {1, 63, 64, 65, 96, 160, 764}) {
      check(width, DEPTH, IntStream.rangeClosed(1, MOST_ROWS).toArray());
    }
  }

  /** Of the quickstart's policy, Llama 2, GPT-2, Qwen's tokenizer with and without padding. */
  @ParameterizedTest
  @CsvSource({"764, 64", "32000, 8", "50257, 8", "151643, 8", "151665, 8", "151936, 8"})
  void realVocabulariesGiveThePlainProduct(int width, int depth) {
    check(width, depth, 4, 5, 8);
  }

  @Test
  void aDepthThatIsNoMultipleOfABlockGivesThePlainProduct() {
    IntStream.rangeClosed(1, 130).forEach(depth -> check(96, depth, 4, 8));
  }

  private static void check(int width, int depth, int... rowCounts) {
    Random random = new Random(width);
    float[] x = normal(random, MOST_ROWS * depth);
    float[] w = normal(random, width * depth);
    float[] b = normal(random, width);
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      Ops ops = scope.ops();
      NDArray packed = ops.call("pack", scope.floats(w, width, depth));
      NDArray zeros = ops.zeros(DType.F32, width);
      NDArray bias = scope.floats(b, width);
      for (int rows : rowCounts) {
        NDArray some = ops.narrow(scope.floats(x, MOST_ROWS, depth), 0, 0, rows);
        float[] biased = Tensors.floats(ops.call("product", some, packed, bias));
        float[] plain = Tensors.floats(ops.call("product", some, packed, zeros));
        assertThat(biased).hasSize(rows * width);
        for (int i = 0; i < biased.length; i++) {
          int column = i % width;
          double expected = 0;
          for (int k = 0; k < depth; k++) {
            expected += (double) x[i / width * depth + k] * w[column * depth + k];
          }
          if (!(Math.abs(plain[i] - expected) <= ROUNDING)
              || !(Math.abs(biased[i] - expected - b[column]) <= ROUNDING)) {
            assertThat((double) plain[i])
                .as("%d rows, width %d, depth %d, column %d", rows, width, depth, column)
                .isCloseTo(expected, within(ROUNDING));
            assertThat((double) biased[i]).isCloseTo(expected + b[column], within(ROUNDING));
          }
        }
      }
    }
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void packedProductsAreRightHere() {
    assertThat(PackedProducts.areRight()).isTrue();
  }

  /** As oneDNN 3.7 was seen to do: wrong in the last columns of widths that fill no block. */
  @Test
  void aProductThatIsWrongInItsLastColumnsIsNoticed() {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      List<String> wrong =
          PackedProducts.differences(
              scope,
              (ops, x, w, b) -> {
                NDArray y = ops.linear(x, w, b);
                long width = w.getShape().get(0);
                if (width > 64 && width % 64 != 0) {
                  NDArray last = ops.narrow(y, 1, width - width % 64, width % 64);
                  ops.copyInto(last, ops.affine(last, 1, 7));
                }
                return y;
              });
      assertThat(wrong)
          .containsExactly(
              "4 x 64 x 96",
              "9 x 64 x 96",
              "4 x 70 x 96",
              "9 x 70 x 96",
              "4 x 64 x 160",
              "9 x 64 x 160",
              "4 x 70 x 160",
              "9 x 70 x 160",
              "4 x 64 x 764",
              "9 x 64 x 764",
              "4 x 70 x 764",
              "9 x 70 x 764");
    }
  }
}
