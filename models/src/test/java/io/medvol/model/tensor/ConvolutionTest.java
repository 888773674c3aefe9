package io.medvol.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions and their gradients against sums in double precision. */
@Tag("numeric")
class ConvolutionTest {
  /** For each term of a float32 sum of products of normal numbers, and ten more for few terms. */
  private static final double ROUNDING = 1e-6;

  private static TorchRuntime runtime;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  /** A kernel {@code [out][in / groups][side][side]} on maps {@code [batch][in][map][map]}. */
  private record Shape(
      int batch, int in, int out, int map, int side, int stride, int padding, int groups) {
    int result() {
      return (map + 2 * padding - side) / stride + 1;
    }

    int termsOfResult() {
      return in / groups * side * side;
    }

    int termsByInput() {
      return out / groups * side * side;
    }

    int termsByKernel() {
      return batch * result() * result();
    }
  }

  /** What is put in and what must come out, gradients for the seed given. */
  private static final class Sums {
    private final Shape shape;
    private final float[] x;
    private final float[] w;
    private final float[] b;
    private final float[] seed;
    private final double[] y;
    private final double[] ofX;
    private final double[] ofW;
    private final double[] ofB;

    Sums(Shape shape) {
      this.shape = shape;
      Random random = new Random(shape.hashCode());
      int result = shape.result() * shape.result();
      x = normal(random, shape.batch * shape.in * shape.map * shape.map);
      w = normal(random, shape.out * (shape.in / shape.groups) * shape.side * shape.side);
      b = normal(random, shape.out);
      seed = normal(random, shape.batch * shape.out * result);
      y = new double[seed.length];
      ofX = new double[x.length];
      ofW = new double[w.length];
      ofB = new double[b.length];
      for (int at = 0; at < y.length; at++) {
        sum(at, at / result % shape.out, at / result / shape.out);
      }
    }

    private void sum(int at, int channel, int image) {
      int inner = shape.in / shape.groups;
      int firstChannel = channel / (shape.out / shape.groups) * inner;
      int row = at / shape.result() % shape.result() * shape.stride - shape.padding;
      int column = at % shape.result() * shape.stride - shape.padding;
      y[at] = b[channel];
      ofB[channel] += seed[at];
      for (int c = 0; c < inner; c++) {
        for (int k = 0; k < shape.side * shape.side; k++) {
          int r = row + k / shape.side;
          int q = column + k % shape.side;
          if (r >= 0 && q >= 0 && r < shape.map && q < shape.map) {
            int from = ((image * shape.in + firstChannel + c) * shape.map + r) * shape.map + q;
            int weight = (channel * inner + c) * shape.side * shape.side + k;
            y[at] += (double) x[from] * w[weight];
            ofX[from] += (double) seed[at] * w[weight];
            ofW[weight] += (double) seed[at] * x[from];
          }
        }
      }
    }

    void check() {
      try (TensorScope scope = runtime.compute(GradientMode.RECORD)) {
        Ops ops = scope.ops();
        NDArray in =
            Ops.requireGradient(scope.floats(x, shape.batch, shape.in, shape.map, shape.map));
        NDArray kernel =
            Ops.requireGradient(
                scope.floats(w, shape.out, shape.in / shape.groups, shape.side, shape.side));
        NDArray bias = Ops.requireGradient(scope.floats(b, shape.out));
        NDArray out =
            ops.image().conv2d(in, kernel, bias, shape.stride, shape.padding, shape.groups);
        long side = shape.result();
        assertThat(out.getShape().getShape()).containsExactly(shape.batch, shape.out, side, side);
        assertClose(shape + " result", ops.contiguous(ops.detach(out)), y, shape.termsOfResult());
        NDArray seeds = scope.floats(seed, shape.batch, shape.out, side, side);
        List<NDArray> gradients =
            ops.gradients(List.of(out), List.of(seeds), List.of(in, kernel, bias));
        assertClose(shape + " by x", ops.contiguous(gradients.get(0)), ofX, shape.termsByInput());
        assertClose(shape + " by w", ops.contiguous(gradients.get(1)), ofW, shape.termsByKernel());
        assertClose(shape + " by b", ops.contiguous(gradients.get(2)), ofB, shape.termsByKernel());
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

  private static void assertClose(String name, NDArray found, double[] expected, int terms) {
    float[] actual = Tensors.floats(found);
    assertThat(actual).as(name).hasSameSizeAs(expected);
    double furthest = 0;
    for (int i = 0; i < expected.length; i++) {
      double distance = Math.abs(actual[i] - expected[i]);
      furthest = distance <= furthest ? furthest : distance;
    }
    assertThat(furthest).as(name).isLessThanOrEqualTo(ROUNDING * (10 + terms));
  }

  /** Where a product takes the place of a convolution, and where oneDNN convolves. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void everyNumberOfChannelsGivesThePlainSum(int batch) {
    for (int channels = 1; channels <= 130; channels++) {
      new Sums(new Shape(batch, channels, 3, 4, 1, 1, 0, 1)).check();
      new Sums(new Shape(batch, 3, channels, 4, 1, 1, 0, 1)).check();
      new Sums(new Shape(batch, channels, 2, 5, 3, 2, 1, 1)).check();
      new Sums(new Shape(batch, 2, channels, 5, 3, 2, 1, 1)).check();
      new Sums(new Shape(batch, channels, channels, 5, 7, 1, 3, channels)).check();
    }
  }

  /** The kernels of the segmenter: patches, masks, projections; also on more than 20,480 values. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 96, 32, 7, 4, 3",
    "1, 1, 4, 32, 3, 2, 1",
    "1, 1, 4, 150, 3, 2, 1",
    "4, 4, 16, 16, 3, 2, 1",
    "1, 4, 16, 16, 2, 2, 0",
    "1, 1, 1, 32, 4, 4, 0",
    "1, 24, 8, 30, 1, 1, 0",
    "17, 24, 8, 3, 1, 1, 0",
    "1, 2, 3, 5, 1, 2, 0",
    "1, 2, 3, 5, 1, 1, 1",
    "17, 2, 3, 5, 1, 1, 1"
  })
  void kernelsOfTheSegmenterGiveThePlainSum(
      int batch, int in, int out, int map, int side, int stride, int padding) {
    new Sums(new Shape(batch, in, out, map, side, stride, padding, 1)).check();
  }

  /** The transpose of a convolution is its gradient by what it convolves. */
  @ParameterizedTest
  @CsvSource({"1, 2, 2", "2, 2, 2", "1, 3, 3", "1, 3, 2", "3, 3, 2"})
  void theTransposeIsTheGradientOfTheConvolution(int batch, int side, int stride) {
    for (int channels : new int[] {1, 5, 63, 64, 65, 96, 130}) {
      int map = 3 * stride + side;
      Sums sums = new Sums(new Shape(batch, 3, channels, map, side, stride, 0, 1));
      try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
        int small = sums.shape.result();
        NDArray seeds = scope.floats(sums.seed, batch, channels, small, small);
        NDArray kernel = scope.floats(sums.w, channels, 3, side, side);
        NDArray bias = scope.floats(new float[] {1, 2, 3}, 3);
        NDArray found = scope.ops().image().convTranspose2d(seeds, kernel, bias, stride);
        double[] expected = sums.ofX.clone();
        for (int i = 0; i < expected.length; i++) {
          expected[i] += 1 + i / (map * map) % 3;
        }
        assertThat(found.getShape().getShape()).containsExactly(batch, 3, map, map);
        assertClose(
            "transpose of " + sums.shape,
            scope.ops().contiguous(found),
            expected,
            sums.shape.termsByInput());
      }
    }
  }

  /** libtorch would take NNPACK, or where that is refused a plain loop, and say so each time. */
  @Test
  void libtorchChoosesNoConvolutionItself() {
    var calls =
        Pattern.compile("torch\\.(conv\\w*|_conv\\w*)\\(").matcher(TorchRuntime.wholeSource());
    assertThat(calls.results().map(call -> call.group(1)))
        .containsExactly("conv2d", "conv_transpose2d");
  }
}
