package io.medvol.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each operation against a value worked out by hand or composed of simpler ones. */
@Tag("numeric")
class OpsTest {
  private static TorchRuntime runtime;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  /** One check for each method of the text; the whole layers are covered by the parity tests. */
  @TestFactory
  Stream<DynamicTest> agreesWithHandComputedValues() {
    return checks().entrySet().stream()
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check.getKey(),
                    () -> {
                      try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
                        check.getValue().run(scope, scope.ops());
                      }
                    }));
  }

  @Test
  void everyPrimitiveHasACheck() {
    TreeSet<String> methods = new TreeSet<>();
    var matcher = Pattern.compile("(?m)^ {2}def (\\w+)\\(").matcher(TorchRuntime.source());
    while (matcher.find()) {
      methods.add(matcher.group(1));
    }
    methods.removeAll(List.of("vision_block", "decoder_layer", "decode_step"));
    assertThat(checks().keySet()).containsExactlyElementsOf(methods);
  }

  private interface Check {
    void run(TensorScope s, Ops o) throws IOException;
  }

  private static void projects(TensorScope s, Ops o) {
    NDArray x = m(s, 2, 1, 2);
    NDArray w = m(s, 2, 3, 4, 5, 6);
    NDArray none = o.empty(DType.F32, 0);
    expect(o.call("project", x, List.of(x, w, v(s, 1, -1), none, none, none), 1), 12, 16);
    expect(o.call("project", x, List.of(w, none, none, none, none), 0), 11, 17);
    // x A^T = 1 * 1 + 2 * 3 = 7; times B = (1, 10) and the scale 0.5.
    List<NDArray> adapted = List.of(w, none, m(s, 2, 1, 3), m(s, 1, 1, 10), v(s, 0.5f));
    expect(o.call("project", x, adapted, 0), 14.5, 52);
  }

  /** In float32, in bfloat16 on whatever instructions there are, and laid out for few rows. */
  private static void multiplies(TensorScope s, Ops o) {
    NDArray x = m(s, 2, 1, 2, 3, 4);
    NDArray w = m(s, 2, 3, 4, 5, 6);
    NDArray b = v(s, 1, -1);
    NDArray none = o.empty(DType.F32, 0);
    expect(o.call("product", x, w, none), 11, 17, 25, 39);
    expect(o.call("product", x, w, b), 12, 16, 26, 38);
    expect(o.call("product", x, o.call("pack", w), b), 12, 16, 26, 38);
    NDArray half = o.cast(x, DType.BF16);
    for (NDArray weight : List.of(w, o.cast(w, DType.BF16), o.call("pack", w))) {
      NDArray y = o.call("product", half, weight, b);
      assertThat(o.typeOf(y)).isEqualTo(DType.BF16);
      expect(o.cast(y, DType.F32), 12, 16, 26, 38);
    }
  }

  /**
   * A matrix of more than one part, for few rows and many: {@code w[i][j]} is 1 where {@code i} and
   * {@code j} agree modulo 100, so that a sum counts and is exact.
   */
  private static void multipliesInParts(TensorScope s, Ops o) {
    int out = 1100;
    int in = 1000;
    float[] weights = new float[out * in];
    for (int i = 0; i < out; i++) {
      for (int j = i % 100; j < in; j += 100) {
        weights[i * in + j] = 1;
      }
    }
    NDArray w = o.cast(s.floats(weights, out, in), DType.BF16);
    float[] bias = new float[out];
    bias[out - 1] = 5;
    for (int rows : new int[] {2, 64}) {
      float[] values = new float[rows * in];
      for (int r = 0; r < rows; r++) {
        values[r * in + 99] = r + 1;
      }
      NDArray x = s.floats(values, rows, in);
      NDArray y = o.call("product_in_parts", x, w, s.floats(bias, out));
      assertThat(o.typeOf(y)).isEqualTo(DType.BF16);
      float[] found = o.cast(y, DType.F32).toFloatArray();
      float[] back = o.call("times", o.cast(y, DType.F32), w).toFloatArray();
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < out; i++) {
          float expected = (i % 100 == 99 ? r + 1 : 0) + bias[i];
          assertThat(found[r * out + i]).as("row %d, column %d", r, i).isEqualTo(expected);
        }
        assertThat(back[r * in + 99]).isEqualTo(11f * (r + 1) + 5);
        assertThat(back[r * in + 98]).isZero();
      }
    }
  }

  private static void attendsInBfloat16(TensorScope s, Ops o) {
    NDArray q = s.floats(new float[] {0, 0}, 1, 1, 1, 2);
    NDArray k = s.floats(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
    NDArray half = o.cast(k, DType.BF16);
    NDArray y =
        o.call("attend", o.cast(q, DType.BF16), half, half, o.zeros(DType.BF16, 1, 2), false);
    assertThat(o.typeOf(y)).isEqualTo(DType.BF16);
    expect(o.cast(y, DType.F32), 2, 3);
  }

  private void leavesOutInputsWithoutInfluence() {
    try (TensorScope s = runtime.compute(GradientMode.RECORD)) {
      NDArray used = Ops.requireGradient(v(s, 3));
      NDArray unused = Ops.requireGradient(v(s, 5));
      NDArray y = s.ops().mul(used, used);
      List<NDArray> found = s.ops().influences(List.of(y), List.of(v(s, 1)), List.of(unused, used));
      assertThat(found.get(0).size()).isZero();
      expect(found.get(1), 6);
    }
  }

  private static void activates(TensorScope s, Ops o) {
    NDArray x = v(s, 1, -2);
    expect(o.call("activate", x, "silu"), 0.7310586, -0.2384058);
    expect(o.call("activate", x, "gelu"), 0.8413447, -0.0455003);
    expect(o.call("activate", x, "gelu_tanh"), 0.8411920, -0.0454023);
    expect(o.call("activate", x, "quick_gelu"), 0.8457958, -0.0643403);
  }

  private Map<String, Check> checks() {
    Map<String, Check> checks = new TreeMap<>();
    checks.put("add", (s, o) -> expect(o.add(v(s, 1, 2), v(s, 3, 5)), 4, 7));
    checks.put("sub", (s, o) -> expect(o.sub(v(s, 1, 2), v(s, 3, 5)), -2, -3));
    checks.put("mul", (s, o) -> expect(o.mul(v(s, 1, 2), v(s, 3, 5)), 3, 10));
    checks.put("div", (s, o) -> expect(o.div(v(s, 1, 2), v(s, 4, 5)), 0.25, 0.4));
    checks.put("affine", (s, o) -> expect(o.affine(v(s, 1, 2), 3, -1), 2, 5));
    checks.put("exp", (s, o) -> expect(o.exp(v(s, 0, 1)), 1, Math.E));
    checks.put("cos", (s, o) -> expect(o.cos(v(s, 0, 2)), 1, Math.cos(2)));
    checks.put("sin", (s, o) -> expect(o.sin(v(s, 0, 2)), 0, Math.sin(2)));
    checks.put("sigmoid", (s, o) -> expect(o.sigmoid(v(s, 0, 1)), 0.5, sigmoid(1)));
    checks.put("relu", (s, o) -> expect(o.relu(v(s, -1, 2)), 0, 2));
    checks.put("silu", (s, o) -> expect(o.silu(v(s, -1, 2)), -sigmoid(-1), 2 * sigmoid(2)));
    // x Phi(x): Phi(1) = 0.8413447; the tanh form differs in the fourth digit.
    checks.put("gelu", (s, o) -> expect(o.gelu(v(s, 0, 1)), 0, 0.8413447));
    checks.put("gelu_tanh", (s, o) -> expect(o.geluTanh(v(s, 0, 1)), 0, geluTanh(1)));
    checks.put("clamp", (s, o) -> expect(o.clamp(v(s, -3, 0.5, 9), -1, 1), -1, 0.5, 1));
    checks.put(
        "masked_fill",
        (s, o) -> expect(o.maskedFill(v(s, 1, 5), o.greater(v(s, 0, 2), 1), 7), 1, 7));
    checks.put(
        "where", (s, o) -> expect(o.where(o.greater(v(s, 0, 2), 1), v(s, 1, 2), v(s, 3, 4)), 3, 2));
    checks.put(
        "greater", (s, o) -> expect(o.cast(o.greater(v(s, 1, 1.5, 2), 1.5), DType.F32), 0, 0, 1));
    checks.put("softmax", (s, o) -> expect(o.softmax(v(s, 0, Math.log(3)), -1), 0.25, 0.75));
    checks.put(
        "log_softmax",
        (s, o) -> expect(o.logSoftmax(v(s, 0, Math.log(3)), -1), Math.log(0.25), Math.log(0.75)));
    checks.put("sum", (s, o) -> expect(o.sum(m(s, 2, 1, 2, 3, 4), 0), 4, 6));
    checks.put(
        "mean",
        (s, o) -> {
          NDArray mean = o.meanKeep(m(s, 2, 1, 2, 3, 4), 0, 1);
          assertThat(mean.getShape().getShape()).containsExactly(1, 1);
          expect(mean, 2.5);
        });
    checks.put("amax", (s, o) -> expect(o.max(m(s, 2, 1, 9, 3, 4), 1), 9, 4));
    checks.put("argmax", (s, o) -> expectInts(o.argmax(m(s, 2, 1, 9, 4, 4), 1), 1, 0));
    checks.put("cumsum", (s, o) -> expect(o.cumsum(v(s, 1, 2, 3), 0), 1, 3, 6));
    checks.put("cat", (s, o) -> expect(o.cat(List.of(v(s, 1, 2), v(s, 3)), 0), 1, 2, 3));
    checks.put("stack", (s, o) -> expect(o.stack(List.of(v(s, 1, 2), v(s, 3, 4)), 1), 1, 3, 2, 4));
    checks.put(
        "reshape",
        (s, o) ->
            assertThat(o.reshape(v(s, 1, 2, 3, 4), 2, -1).getShape().getShape())
                .containsExactly(2, 2));
    checks.put(
        "permute",
        (s, o) -> expect(o.contiguous(o.permute(m(s, 2, 1, 2, 3, 4), 1, 0)), 1, 3, 2, 4));
    checks.put(
        "contiguous",
        (s, o) ->
            expect(o.contiguous(o.permute(m(s, 3, 1, 2, 3, 4, 5, 6), 1, 0)), 1, 4, 2, 5, 3, 6));
    checks.put("expand", (s, o) -> expect(o.contiguous(o.expand(m(s, 1, 1, 2), 2, 2)), 1, 1, 2, 2));
    checks.put("narrow", (s, o) -> expect(o.narrow(v(s, 1, 2, 3, 4), 0, 1, 2), 2, 3));
    checks.put("flip", (s, o) -> expect(o.flip(v(s, 1, 2, 3), 0), 3, 2, 1));
    checks.put("pad", (s, o) -> expect(o.pad(v(s, 1, 2), 9, 1, 2), 9, 1, 2, 9, 9));
    checks.put("empty", (s, o) -> assertThat(o.empty(DType.BF16, 3, 2).size()).isEqualTo(6));
    checks.put("zeros", (s, o) -> expect(o.zeros(DType.F32, 2), 0, 0));
    // 2^24 + 1 has no float, through which DJL's own arange goes.
    checks.put("arange", (s, o) -> expectInts(o.arange(16777216, 16777218), 16777216, 16777217));
    checks.put("copy_", OpsTest::copies);
    checks.put(
        "to_dtype",
        (s, o) -> {
          NDArray rounded = o.cast(v(s, 1, 1.001953125), DType.BF16);
          expect(o.cast(rounded, DType.F32), 1, 1);
        });
    checks.put(
        "dtype_of",
        (s, o) -> {
          for (DType type : DType.values()) {
            assertThat(o.typeOf(o.empty(type, 1))).isEqualTo(type);
          }
        });
    checks.put("from_file", (s, o) -> mapsFile(o));
    checks.put("set_view", (s, o) -> mapsFile(o));
    checks.put("matmul", (s, o) -> expect(o.matmul(m(s, 2, 1, 2, 3, 4), m(s, 1, 5, 6)), 17, 39));
    checks.put("linear", (s, o) -> expect(o.linear(m(s, 2, 1, 2), m(s, 2, 3, 4, 5, 6)), 11, 17));
    checks.put(
        "linear_bias",
        (s, o) -> expect(o.linear(m(s, 2, 1, 2), m(s, 2, 3, 4, 5, 6), v(s, 1, -1)), 12, 16));
    checks.put(
        "recorded",
        (s, o) -> {
          assertThat(o.isRecorded(v(s, 1))).isFalse();
          assertThat(o.isRecorded(Ops.requireGradient(v(s, 1)))).isTrue();
        });
    checks.put("project", (s, o) -> projects(s, o));
    checks.put("product", OpsTest::multiplies);
    checks.put("pack", OpsTest::multiplies);
    checks.put("packed_product", OpsTest::multiplies);
    checks.put("must_widen", OpsTest::multiplies);
    checks.put("biased", OpsTest::multiplies);
    checks.put("product_in_parts", OpsTest::multipliesInParts);
    checks.put("part_rows", OpsTest::multipliesInParts);
    checks.put("times", OpsTest::multipliesInParts);
    checks.put("attend", OpsTest::attendsInBfloat16);
    checks.put(
        "like",
        (s, o) -> {
          NDArray rounded = o.call("like", v(s, 1.00390625), o.empty(DType.BF16, 0));
          assertThat(o.typeOf(rounded)).isEqualTo(DType.BF16);
          expect(o.cast(rounded, DType.F32), 1);
        });
    checks.put(
        "multiplies_bfloat16",
        (s, o) -> {
          if (!Files.readString(Path.of("/proc/cpuinfo")).contains("avx512")) {
            assertThat(o.multipliesBfloat16()).isFalse();
          }
        });
    checks.put("activate", (s, o) -> activates(s, o));
    checks.put(
        "norm",
        (s, o) -> {
          NDArray x = m(s, 2, 1, 7);
          expect(o.call("norm", x, v(s, 1, 2), v(s, 3, 4), 0.), 2, 6);
          expect(o.call("norm", x, v(s, 1, 2), o.empty(DType.F32, 0), 0.), 0.2, 2.8);
        });
    checks.put(
        "embedding",
        (s, o) -> expect(o.embedding(m(s, 2, 1, 2, 3, 4), ids(s, 1, 0, 1)), 3, 4, 1, 2, 3, 4));
    checks.put(
        "gather",
        (s, o) -> expect(o.gather(m(s, 2, 1, 2, 3, 4), 1, o.reshape(ids(s, 1, 0), 2, 1)), 2, 3));
    checks.put(
        "index_select", (s, o) -> expect(o.indexSelect(m(s, 2, 1, 2, 3, 4), 1, ids(s, 1)), 2, 4));
    checks.put(
        "index_copy",
        (s, o) ->
            expect(o.indexCopy(m(s, 2, 1, 2, 3, 4), 0, ids(s, 1), m(s, 2, 8, 9)), 1, 2, 8, 9));
    checks.put(
        "index_add",
        (s, o) -> expect(o.indexAdd(v(s, 1, 2), 0, ids(s, 1, 1), v(s, 10, 20)), 1, 32));
    checks.put(
        "scatter_add",
        (s, o) -> expect(o.scatterAdd(v(s, 1, 2), 0, ids(s, 0, 0), v(s, 10, 20)), 31, 2));
    // mean square of (3, 4) is 12.5.
    checks.put(
        "rms_norm",
        (s, o) ->
            expect(o.rmsNorm(v(s, 3, 4), v(s, 1, 2), 0), 3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5)));
    checks.put(
        "head_norm",
        (s, o) -> {
          expect(
              o.call("head_norm", v(s, 3, 4), v(s, 1, 2), 0.0),
              3 / Math.sqrt(12.5),
              8 / Math.sqrt(12.5));
          expect(o.call("head_norm", v(s, 3, 4), o.empty(DType.F32, 0), 0.0), 3, 4);
        });
    checks.put(
        "layer_norm", (s, o) -> expect(o.layerNorm(v(s, 1, 3), v(s, 1, 2), v(s, 5, 5), 0), 4, 7));
    // Two groups of one channel: each pair of pixels becomes -1 and 1.
    checks.put(
        "group_norm",
        (s, o) ->
            expect(
                o.image()
                    .groupNorm(
                        s.floats(new float[] {1, 3, 10, 30}, 1, 2, 1, 2),
                        2,
                        v(s, 1, 2),
                        v(s, 0, 5),
                        0),
                -1,
                1,
                3,
                7));
    checks.put("sdpa", OpsTest::attends);
    checks.put("sdpa_masked", OpsTest::attendsWithMask);
    checks.put("sdpa_gqa", OpsTest::attendsInGroups);
    // A quarter turn of the pairs (1, 3) and (2, 4).
    checks.put(
        "rope",
        (s, o) ->
            expect(
                o.rotateHalves(v(s, 1, 2, 3, 4), v(s, 0, 0, 0, 0), v(s, 1, 1, 1, 1)),
                -3,
                -4,
                1,
                2));
    Check convolves =
        (s, o) ->
            expect(
                o.image()
                    .conv2d(
                        s.floats(new float[] {1, 2, 3, 4}, 1, 1, 2, 2),
                        s.floats(new float[] {1, 1, 1, 1}, 1, 1, 2, 2),
                        v(s, 0.5),
                        2,
                        1,
                        1),
                1.5,
                2.5,
                3.5,
                4.5);
    for (String method : List.of("conv2d", "columns_product", "takes_onednn")) {
      checks.put(method, convolves);
    }
    checks.put(
        "conv_transpose2d",
        (s, o) ->
            expect(
                o.image()
                    .convTranspose2d(
                        s.floats(new float[] {2}, 1, 1, 1, 1),
                        s.floats(new float[] {1, 2, 3, 4}, 1, 1, 2, 2),
                        v(s, 1),
                        2),
                3,
                5,
                7,
                9));
    checks.put(
        "max_pool2d",
        (s, o) ->
            expect(o.image().maxPool2d(s.floats(new float[] {1, 7, 3, 4}, 1, 1, 2, 2), 2, 2), 7));
    checks.put(
        "nearest",
        (s, o) ->
            expect(o.image().nearest(s.floats(new float[] {1, 2}, 1, 1, 1, 2), 1, 4), 1, 1, 2, 2));
    checks.put(
        "bilinear",
        (s, o) -> {
          NDArray x = s.floats(new float[] {0, 1}, 1, 1, 1, 2);
          expect(o.image().bilinear(x, 1, 4), 0, 0.25, 0.75, 1);
          expect(o.image().bilinearAlignedCorners(x, 1, 3), 0, 0.5, 1);
        });
    // An impulse, halved: plain interpolation misses it, the area mean keeps a part of it.
    checks.put(
        "bilinear_antialias",
        (s, o) -> {
          NDArray x = s.floats(new float[] {1, 0, 0, 0, 0, 0, 0, 0}, 1, 1, 1, 8);
          expect(o.image().bilinear(x, 1, 2), 0, 0);
          assertThat(Tensors.floats(o.image().bilinearAntialiased(x, 1, 2))[0]).isGreaterThan(0.1f);
        });
    // Middle of an edge 0 0 | 1 1: a half, by symmetry; a quarter on: the cubic with a = -0.75.
    checks.put(
        "bicubic",
        (s, o) ->
            expect(
                o.image().bicubic(s.floats(new float[] {0, 0, 1, 1}, 1, 1, 1, 4), 1, 8),
                cubicEdge()));
    checks.put("detach", OpsTest::detaches);
    checks.put("grad", (s, o) -> differentiates());
    checks.put("grad_used", (s, o) -> leavesOutInputsWithoutInfluence());
    checks.put("backward", (s, o) -> accumulates());
    checks.put("token_log_probs", OpsTest::scoresTokens);
    checks.put("token_log_probs_gradient", (s, o) -> differentiatesScores());
    return checks;
  }

  private static void copies(TensorScope s, Ops o) {
    NDArray target = v(s, 1, 2);
    o.copyInto(target, v(s, 8, 9));
    expect(target, 8, 9);
  }

  private void mapsFile(Ops o) throws IOException {
    Path file = folder.resolve("values");
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
    Files.write(file, bytes.array());
    NDArray mapped = o.mapFile(file.toString(), 16);
    NDArray plain = o.reinterpret(mapped, 1, DType.F32, new long[] {3}, new long[0]);
    expect(plain, 2, 3, 4);
    NDArray turned = o.reinterpret(mapped, 0, DType.F32, new long[] {2, 2}, new long[] {1, 2});
    expect(o.contiguous(turned), 1, 3, 2, 4);
  }

  private static void attends(TensorScope s, Ops o) {
    NDArray q = random(s, 1, 1, 2, 3, 4);
    NDArray k = random(s, 2, 1, 2, 3, 4);
    NDArray v = random(s, 3, 1, 2, 3, 4);
    expect(o.attention(q, k, v), Tensors.floats(composed(o, q, k, v, null)));
    float hidden = Float.NEGATIVE_INFINITY;
    NDArray causal = s.floats(new float[] {0, hidden, hidden, 0, 0, hidden, 0, 0, 0}, 3, 3);
    expect(o.causalAttention(q, k, v), Tensors.floats(composed(o, q, k, v, causal)));
  }

  private static void attendsWithMask(TensorScope s, Ops o) {
    NDArray q = random(s, 1, 1, 2, 3, 4);
    NDArray k = random(s, 2, 1, 2, 5, 4);
    NDArray v = random(s, 3, 1, 2, 5, 4);
    float[] mask = new float[15];
    mask[1] = Float.NEGATIVE_INFINITY;
    mask[9] = -0.5f;
    NDArray added = s.floats(mask, 3, 5);
    expect(o.maskedAttention(q, k, v, added), Tensors.floats(composed(o, q, k, v, added)));
  }

  private static void attendsInGroups(TensorScope s, Ops o) {
    NDArray q = random(s, 1, 1, 4, 3, 4);
    NDArray k = random(s, 2, 1, 2, 3, 4);
    NDArray v = random(s, 3, 1, 2, 3, 4);
    NDArray heads = ids(s, 0, 0, 1, 1);
    NDArray repeated = o.causalAttention(q, o.indexSelect(k, 1, heads), o.indexSelect(v, 1, heads));
    expect(o.causalGroupedAttention(q, k, v), Tensors.floats(repeated));
  }

  private static NDArray composed(Ops o, NDArray q, NDArray k, NDArray v, NDArray mask) {
    NDArray scores = o.affine(o.matmul(q, o.permute(k, 0, 1, 3, 2)), 0.5, 0);
    return o.matmul(o.softmax(mask == null ? scores : o.add(scores, mask), -1), v);
  }

  private static void detaches(TensorScope s, Ops o) {
    NDArray x = Ops.requireGradient(v(s, 3));
    assertThat(x.hasGradient()).isTrue();
    assertThat(o.detach(x).hasGradient()).isFalse();
  }

  /** d(x^2 y)/dx = 2xy, d/dy = x^2; z has no influence. */
  private static void differentiates() {
    try (TensorScope scope = runtime.compute(GradientMode.RECORD)) {
      Ops o = scope.ops();
      NDArray x = Ops.requireGradient(v(scope, 3));
      NDArray y = Ops.requireGradient(v(scope, 5));
      NDArray z = Ops.requireGradient(v(scope, 7));
      NDArray out = o.mul(o.mul(x, x), y);
      List<NDArray> gradients = o.gradients(List.of(out), List.of(v(scope, 10)), List.of(x, y, z));
      expect(gradients.get(0), 300);
      expect(gradients.get(1), 90);
      expect(gradients.get(2), 0);
    }
  }

  private static void accumulates() {
    try (TensorScope scope = runtime.compute(GradientMode.RECORD)) {
      NDArray x = Ops.requireGradient(v(scope, 3));
      for (int i = 0; i < 2; i++) {
        scope.ops().backward(scope.ops().sum(scope.ops().mul(x, x), 0));
      }
      expect(scope.keep(x.getGradient()), 12);
    }
  }

  /** Logits (0, ln 3), the third token excluded, temperature 1: p = 1/4, 3/4. */
  private static void scoresTokens(TensorScope s, Ops o) {
    NDArray head = m(s, 1, 0, Math.log(3), 9);
    NDArray bias = s.floats(new float[] {0, 0, Float.NEGATIVE_INFINITY}, 3);
    List<NDArray> scored =
        o.callForList("token_log_probs", m(s, 1, 1, 1), head, bias, ids(s, 0, 1), 1.0);
    double entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    assertThat(Tensors.doubles(scored.get(0)))
        .containsExactly(new double[] {Math.log(0.25), Math.log(0.75)}, within(1e-6));
    assertThat(Tensors.doubles(scored.get(1)))
        .containsExactly(new double[] {entropy, entropy}, within(1e-6));
  }

  private static void differentiatesScores() {
    try (TensorScope scope = runtime.compute(GradientMode.RECORD)) {
      Ops o = scope.ops();
      NDArray hidden = Ops.requireGradient(random(scope, 1, 3, 4));
      NDArray head = Ops.requireGradient(random(scope, 2, 5, 4));
      NDArray bias = scope.floats(new float[] {0, 0, Float.NEGATIVE_INFINITY, 0, 0}, 5);
      NDArray targets = ids(scope, 0, 4, 3);
      NDArray seeds = v(scope, 1, -2, 0.5);
      NDArray all = o.logSoftmax(o.affine(o.add(o.linear(hidden, head), bias), 1 / 0.7, 0), -1);
      NDArray chosen = o.sum(o.gather(all, 1, o.reshape(targets, 3, 1)), 1);
      List<NDArray> expected = o.gradients(List.of(chosen), List.of(seeds), List.of(hidden, head));
      List<NDArray> actual =
          o.callForList(
              "token_log_probs_gradient",
              o.detach(hidden),
              o.detach(head),
              bias,
              targets,
              0.7,
              seeds,
              true);
      expect(actual.get(0), Tensors.floats(expected.get(0)));
      expect(actual.get(1), Tensors.floats(expected.get(1)));
      List<NDArray> hiddenOnly =
          o.callForList(
              "token_log_probs_gradient",
              o.detach(hidden),
              o.detach(head),
              bias,
              targets,
              0.7,
              seeds,
              false);
      assertThat(hiddenOnly).hasSize(1);
      expect(hiddenOnly.get(0), Tensors.floats(expected.get(0)));
    }
  }

  private static double[] cubicEdge() {
    double[] values = new double[8];
    double[] line = {0, 0, 1, 1};
    for (int i = 0; i < 8; i++) {
      double x = (i + 0.5) / 2 - 0.5;
      for (int tap = -1; tap <= 2; tap++) {
        int at = (int) Math.floor(x) + tap;
        values[i] += cubic(Math.abs(x - at)) * line[Math.max(0, Math.min(3, at))];
      }
    }
    return values;
  }

  private static double cubic(double d) {
    double a = -0.75;
    return d <= 1
        ? ((a + 2) * d - (a + 3)) * d * d + 1
        : d < 2 ? ((d - 5) * d + 8) * d * a - 4 * a : 0;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double geluTanh(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static NDArray v(TensorScope s, double... values) {
    return s.floats(floats(values), values.length);
  }

  /** A matrix with this many columns. */
  private static NDArray m(TensorScope s, int columns, double... values) {
    return s.floats(floats(values), values.length / columns, columns);
  }

  private static NDArray ids(TensorScope s, int... values) {
    return s.indices(values);
  }

  private static NDArray random(TensorScope s, int seed, long... shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return s.floats(values, shape);
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static void expect(NDArray actual, double... expected) {
    expect(actual, floats(expected));
  }

  private static void expect(NDArray actual, float[] expected) {
    assertThat(Tensors.floats(actual)).containsExactly(expected, within(2e-6f));
  }

  private static void expectInts(NDArray actual, long... expected) {
    List<Long> values = new ArrayList<>();
    for (long value : Tensors.longs(actual)) {
      values.add(value);
    }
    assertThat(values).containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
  }
}
