package io.medvol.bench.policy;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One decoder layer in the shape of Qwen2-VL-2B, in float32 and bfloat16: a prompt at once, and a
 * step of decoding. Times are of the processor, one thread, best of the repetitions.
 */
@Command(name = "precision", mixinStandardHelpOptions = true)
final class PrecisionRun implements Runnable {
  private static final int HIDDEN = 1536;
  private static final int INNER = 8960;
  private static final int HEADS = 12;
  private static final int KEY_HEADS = 2;
  private static final int HEAD = 128;
  private static final double EPS = 1e-6;

  @Option(names = "--tokens", defaultValue = "1024")
  private int tokens;

  @Option(names = "--repetitions", defaultValue = "5")
  private int repetitions;

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PrecisionRun()).execute(arguments));
  }

  @Override
  public void run() {
    TorchRuntime.setIntraOpThreads(1);
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      System.out.printf(
          "{\"layer\":\"2B\",\"tokens\":%d,\"bfloat16_instructions\":%b", //
          tokens, scope.ops().multipliesBfloat16());
      for (int batch : new int[] {0, 1, 8}) {
        double[] millis = {
          measure(runtime, scope, DType.F32, batch), measure(runtime, scope, DType.BF16, batch)
        };
        System.out.printf(
            ",\"%s\":{\"fp32_ms\":%.1f,\"bf16_ms\":%.1f,\"speedup\":%.2f}",
            batch == 0 ? "prompt" : "decode_" + batch, millis[0], millis[1], millis[0] / millis[1]);
      }
      System.out.println("}");
    }
  }

  /**
   * @param batch rows of a decoding step; 0 for the prompt
   */
  private double measure(TorchRuntime runtime, TensorScope outer, DType type, int batch) {
    try (TensorScope weights = outer.child()) {
      List<NDArray> layer = layer(weights, type);
      int rows = batch == 0 ? tokens : batch;
      NDArray x = random(weights, type, rows, HIDDEN);
      NDArray angles = random(weights, DType.F32, batch == 0 ? rows : 1, HEAD);
      List<NDArray> cache = new ArrayList<>();
      List<NDArray> masks = new ArrayList<>();
      if (batch > 0) {
        cache.add(random(weights, type, 1, KEY_HEADS, tokens + batch, HEAD));
        cache.add(random(weights, type, 1, KEY_HEADS, tokens + batch, HEAD));
        masks.add(
            weights.ops().zeros(type, (long) HEADS / KEY_HEADS * batch, (long) tokens + batch));
      }
      int[] added = IntStream.range(tokens, tokens + batch).toArray();
      NDArray columns = weights.indices(added);
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < repetitions; i++) {
        try (TensorScope step = runtime.compute(GradientMode.NONE)) {
          long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
          step.ops()
              .call(
                  "decoder_layer",
                  x,
                  layer,
                  angles,
                  angles,
                  masks,
                  cache,
                  columns,
                  tokens + batch,
                  batch == 0 ? tokens : 0,
                  HEADS,
                  KEY_HEADS,
                  EPS);
          long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
          best = Math.min(best, (end - start) / 1e6);
        }
      }
      return best;
    }
  }

  /** In the order that {@code decoder_layer} takes them. */
  private static List<NDArray> layer(TensorScope scope, DType type) {
    NDArray none = scope.ops().empty(DType.F32, 0);
    List<NDArray> layer = new ArrayList<>();
    layer.add(random(scope, type, HIDDEN));
    layer.add(random(scope, type, HIDDEN));
    int keys = KEY_HEADS * HEAD;
    matrix(scope, type, layer, none, HIDDEN, HIDDEN);
    matrix(scope, type, layer, none, keys, HIDDEN);
    matrix(scope, type, layer, none, keys, HIDDEN);
    layer.add(none);
    layer.add(none);
    matrix(scope, type, layer, none, HIDDEN, HIDDEN);
    matrix(scope, type, layer, none, INNER, HIDDEN);
    matrix(scope, type, layer, none, INNER, HIDDEN);
    matrix(scope, type, layer, none, HIDDEN, INNER);
    return layer;
  }

  private static void matrix(
      TensorScope scope, DType type, List<NDArray> layer, NDArray none, int out, int in) {
    layer.add(random(scope, type, out, in));
    for (int i = 0; i < 4; i++) {
      layer.add(none);
    }
  }

  private static NDArray random(TensorScope scope, DType type, long... shape) {
    Random random = new Random(7);
    int size = 1;
    for (long one : shape) {
      size = Math.multiplyExact(size, Math.toIntExact(one));
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * 0.02f;
    }
    Ops ops = scope.ops();
    NDArray floats = scope.floats(values, shape);
    NDArray cast = ops.cast(floats, type);
    if (type != DType.F32) {
      floats.close();
    }
    return cast;
  }
}
