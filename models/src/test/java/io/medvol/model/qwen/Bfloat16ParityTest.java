package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Arithmetic in bfloat16 against the reference implementation's. */
@Tag("parity")
@Tag("numeric")
class Bfloat16ParityTest {
  private static final String LOGITS = "logits_bfloat16";

  /** What the golden set grants: kernels round at other places. */
  private static final float TOLERANCE = 0.5f;

  /** On average they agree better, and no worse than the reference does with itself in float32. */
  private static final double MEAN_TOLERANCE = 0.03;

  /** Float32 would be closer to the reference's float32 than that. */
  private static final double LEAST_ROUNDING = 1e-3;

  @TestFactory
  Stream<DynamicTest> logits() {
    List<Path> folders =
        GoldenModel.folders().stream()
            .filter(folder -> GoldenModel.has(folder, "06_logits"))
            .filter(folder -> golden(folder).has(LOGITS))
            .toList();
    if (Golden.isBundled()) {
      assertThat(folders).isNotEmpty();
    }
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
  }

  private static GoldenTensors golden(Path folder) {
    return Golden.tensors(Golden.cases(folder).resolve("06_logits.safetensors"));
  }

  private static void check(Path folder) {
    try (GoldenModel model = GoldenModel.open(folder, new WeightTypes(DType.BF16, name -> false))) {
      GoldenTensors golden = golden(folder);
      float[] expected = golden.floats(LOGITS);
      float[] exact = golden.floats("logits_float32");
      float[] found = logits(model, golden);
      assertThat(found).hasSameSizeAs(expected);
      double sum = 0;
      double rounding = 0;
      for (int i = 0; i < found.length; i++) {
        double error = Math.abs(found[i] - expected[i]);
        assertThat(error).as("logit %d", i).isLessThan(TOLERANCE);
        sum += error;
        rounding += Math.abs(found[i] - exact[i]);
      }
      assertThat(sum / found.length).isLessThan(MEAN_TOLERANCE);
      assertThat(rounding / found.length).isGreaterThan(LEAST_ROUNDING);
    }
  }

  /** Of the last tokens, as many as the case keeps. */
  private static float[] logits(GoldenModel model, GoldenTensors golden) {
    EncodedPrompt row = model.batch(golden, "").get(0);
    int kept = (int) golden.shape(LOGITS)[1];
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      Ops ops = scope.ops();
      NDArray hidden =
          model.network().hidden(scope, model.split(row, row.tokens().length()), layer -> {});
      NDArray last = ops.narrow(hidden, 0, row.tokens().length() - kept, kept);
      NDArray logits = ops.call("project", last, model.network().decoder().outputs(), 0);
      assertThat(ops.typeOf(logits)).isEqualTo(DType.BF16);
      return Tensors.floats(ops.cast(logits, DType.F32));
    }
  }
}
