package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.medvol.model.lora.AdapterMode;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Logits of adapted models against the reference implementation's; gradients stand elsewhere. */
@Tag("parity")
@Tag("numeric")
class LoraParityTest {
  private static final float LOGIT_TOLERANCE = 2e-4f;

  @TestFactory
  Stream<DynamicTest> logitsWithTheAdapterOnOffAndMerged() {
    List<Path> folders =
        GoldenModel.folders().stream().filter(f -> GoldenModel.has(f, "10_lora")).toList();
    if (Golden.isBundled()) {
      assertThat(folders).hasSizeGreaterThan(2);
    }
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      try (GoldenModel model = GoldenModel.openAdapted(folder)) {
                        check(model);
                      }
                    }));
  }

  private static void check(GoldenModel model) {
    GoldenTensors golden = model.tensors("10_lora");
    LoraAdapter adapter = model.network().adapter().orElseThrow();
    List<String> names = GoldenModel.caseNames(golden, "logits").toList();
    assertThat(names).isNotEmpty();
    for (String name : names) {
      int[] ids = model.tensors("06_logits").ints(name + ".input_ids");
      float[] adapted = logits(model, ids);
      assertTail(adapted, golden.floats(name + ".logits"), name);
      adapter.use(AdapterMode.DISABLED);
      float[] plain = logits(model, ids);
      assertTail(plain, plainLogits(model, golden, name), name + " without the adapter");
      adapter.use(AdapterMode.MERGED);
      assertTail(logits(model, ids), golden.floats(name + ".logits"), name + " merged");
      adapter.use(AdapterMode.DISABLED);
      assertThat(logits(model, ids)).isEqualTo(plain);
      adapter.use(AdapterMode.ACTIVE);
      assertThat(logits(model, ids)).isEqualTo(adapted);
    }
    TreeSet<String> trained = new TreeSet<>();
    golden.names().stream()
        .filter(name -> name.startsWith("grad."))
        .map(name -> name.substring("grad.".length()))
        .forEach(trained::add);
    assertThat(adapter.tensors().keySet()).containsAll(trained);
  }

  private static float[] plainLogits(GoldenModel model, GoldenTensors golden, String name) {
    return golden.has(name + ".logits_adapter_off")
        ? golden.floats(name + ".logits_adapter_off")
        : model.tensors("06_logits").floats(name + ".logits");
  }

  private static float[] logits(GoldenModel model, int[] ids) {
    EncodedPrompt prompt = model.prompt(ids);
    PackedGroup alone = new PackedGroup(Prompt.of(model.config(), prompt), List.of());
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      List<NDArray> states = new ArrayList<>();
      NDArray last = model.network().hidden(scope, alone, states::add);
      return Tensors.floats(scope.ops().linear(last, model.network().decoder().head()));
    }
  }

  /** The reference keeps the last tokens. */
  private static void assertTail(float[] actual, float[] expected, String what) {
    assertThat(actual.length).isGreaterThanOrEqualTo(expected.length);
    GoldenModel.assertClose(
        Arrays.copyOfRange(actual, actual.length - expected.length, actual.length),
        expected,
        LOGIT_TOLERANCE,
        what);
  }
}
