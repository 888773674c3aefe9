package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.Policies;
import io.medvol.model.lora.AdapterFiles;
import io.medvol.model.lora.AdapterMode;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptedPolicyTest {
  private static final LoraConfig CONFIG =
      new LoraConfig(3, 6, new TargetModules.Suffixes(List.of("q_proj", "o_proj")));
  private static final List<TokenIds> ANSWERS =
      List.of(TokenIds.of(40, 41, 42), TokenIds.of(50, 51));

  private static Path folder;
  private static PolicyModel base;
  private static QwenPolicy adapted;
  private static EncodedPrompt prompt;
  private static float[] fresh;

  @TempDir Path temporary;

  @BeforeAll
  static void open() {
    folder = Golden.models("qwen2_5_vl").get(0);
    base = Policies.load(folder, TrainableParameters.LANGUAGE_MODEL);
    adapted = Policies.loadAdapted(folder, new FreshAdapter(CONFIG, 5), 1);
    prompt = base.encode(QwenPolicyTest.question(2));
    fresh = adapted.parameters();
  }

  @BeforeEach
  void reset() {
    adapted.useAdapter(AdapterMode.ACTIVE);
    adapted.setParameters(fresh);
  }

  @AfterAll
  static void close() {
    base.close();
    adapted.close();
  }

  private static List<TokenValues> logProbs(PolicyModel policy) {
    return policy.logProbs(prompt, ANSWERS, 0.8);
  }

  private static float[] gradient(PolicyModel policy) {
    float[] gradient = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, ANSWERS, 0.8, QwenPolicyTest::ones, gradient);
    return gradient;
  }

  private static float[] noisy(PolicyModel policy) {
    float[] values = policy.parameters();
    for (int i = 0; i < values.length; i++) {
      values[i] += (i % 13 - 6) / 200f;
    }
    return values;
  }

  @Test
  void aFreshAdapterChangesNothingAndIsAllThatIsTrained() {
    assertThat(logProbs(adapted)).isEqualTo(logProbs(base));
    assertThat(adapted.layout().parameters())
        .isNotEmpty()
        .allSatisfy(
            one ->
                assertThat(one.name())
                    .matches(
                        "base_model\\.model\\.model\\.language_model\\.layers\\.\\d+\\."
                            + "self_attn\\.[qo]_proj\\.lora_[AB]\\.weight"));
    float[] gradient = gradient(adapted);
    for (ParameterLayout.Parameter one : adapted.layout().parameters()) {
      float[] part = Arrays.copyOfRange(gradient, one.offset(), one.offset() + one.length());
      float[] zero = new float[one.length()];
      // With B zero, only B has a slope.
      if (one.name().contains("lora_B")) {
        assertThat(part).isNotEqualTo(zero);
      } else {
        assertThat(part).isEqualTo(zero);
      }
    }
  }

  @Test
  void freshValuesDependOnTheSeedAlone() {
    try (QwenPolicy same = Policies.loadAdapted(folder, new FreshAdapter(CONFIG, 5), 1);
        QwenPolicy other = Policies.loadAdapted(folder, new FreshAdapter(CONFIG, 6), 1)) {
      assertThat(same.parameters()).isEqualTo(adapted.parameters());
      assertThat(other.parameters()).isNotEqualTo(adapted.parameters());
    }
  }

  @Test
  void switchedOffItIsTheReferencePolicy() {
    adapted.setParameters(noisy(adapted));
    List<TokenValues> moved = logProbs(adapted);
    assertThat(moved).isNotEqualTo(logProbs(base));
    adapted.useAdapter(AdapterMode.DISABLED);
    assertThat(logProbs(adapted)).isEqualTo(logProbs(base));
    assertThatThrownBy(() -> gradient(adapted)).isInstanceOf(IllegalStateException.class);
    adapted.useAdapter(AdapterMode.MERGED);
    for (int i = 0; i < moved.size(); i++) {
      assertThat(logProbs(adapted).get(i).toArray())
          .containsExactly(moved.get(i).toArray(), within(1e-4));
    }
    assertThatThrownBy(() -> adapted.setParameters(fresh))
        .isInstanceOf(IllegalStateException.class);
    adapted.useAdapter(AdapterMode.ACTIVE);
    assertThat(logProbs(adapted)).isEqualTo(moved);
    adapted.setParameters(new float[fresh.length]);
    assertThat(logProbs(adapted)).isEqualTo(logProbs(base));
  }

  @Test
  void theGradientIsTheSlope() {
    float[] at = noisy(adapted);
    adapted.setParameters(at);
    float[] gradient = gradient(adapted);
    double norm = 0;
    for (float value : gradient) {
      norm += (double) value * value;
    }
    double step = 1e-2 / Math.sqrt(norm);
    double expected = norm * step * 2;
    double difference = total(at, gradient, step) - total(at, gradient, -step);
    assertThat(difference).isCloseTo(expected, within(0.02 * expected));
  }

  /** The objective of {@code ones}, the sum of all log-probabilities, some way up its gradient. */
  private static double total(float[] at, float[] gradient, double step) {
    float[] moved = at.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (step * gradient[i]);
    }
    adapted.setParameters(moved);
    return logProbs(adapted).stream().mapToDouble(row -> Arrays.stream(row.toArray()).sum()).sum();
  }

  @Test
  void aSavedAdapterIsTheSameAgain() throws IOException {
    adapted.setParameters(noisy(adapted));
    AdapterFiles.write(CONFIG, "base", adapted.layout(), adapted.parameters(), temporary);
    try (SavedAdapter saved = SavedAdapter.open(temporary);
        QwenPolicy again = Policies.loadAdapted(folder, saved, 1)) {
      assertThat(again.layout()).isEqualTo(adapted.layout());
      assertThat(again.parameters()).isEqualTo(adapted.parameters());
      assertThat(logProbs(again)).isEqualTo(logProbs(adapted));
      SamplingParams greedy = new SamplingParams(0, 6);
      assertThat(again.sample(prompt, greedy, new long[1]).get(0).tokens())
          .isEqualTo(adapted.sample(prompt, greedy, new long[1]).get(0).tokens());
    }
    rewrite("model.language_model.", "model.");
    try (SavedAdapter older = SavedAdapter.open(temporary);
        QwenPolicy again = Policies.loadAdapted(folder, older, 1)) {
      assertThat(again.parameters()).isEqualTo(adapted.parameters());
    }
    rewrite("layers.0.", "layers.77.");
    try (SavedAdapter strange = SavedAdapter.open(temporary)) {
      assertThatThrownBy(() -> Policies.loadAdapted(folder, strange, 1))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining(temporary.toString())
          .hasMessageContaining("lacks the tensor")
          .hasMessageContaining("layers.0.self_attn.q_proj.lora_A");
    }
  }

  @Test
  void tensorsOfUntargetedModulesAreNotIgnored() throws IOException {
    LoraConfig narrower = new LoraConfig(3, 6, new TargetModules.Suffixes(List.of("q_proj")));
    AdapterFiles.write(narrower, "base", adapted.layout(), fresh, temporary);
    try (SavedAdapter saved = SavedAdapter.open(temporary)) {
      assertThatThrownBy(() -> Policies.loadAdapted(folder, saved, 1))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("layers.0.self_attn.o_proj.lora_A");
    }
  }

  /** Writes the adapter's tensors again, under other names. */
  private void rewrite(String from, String to) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (ParameterLayout.Parameter one : adapted.layout().parameters()) {
      tensors.add(
          Tensor.floats(
              one.name().replace(from, to), one.shape(), adapted.parameters(), one.offset()));
    }
    try (OutputStream out = Files.newOutputStream(temporary.resolve(SavedAdapter.WEIGHT_FILE))) {
      SafetensorsWriter.write(tensors, out);
    }
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() throws IOException {
    AdapterFiles.write(CONFIG, "base", adapted.layout(), adapted.parameters(), temporary);
    Path other = Golden.models("qwen3_vl").get(0);
    try (SavedAdapter saved = SavedAdapter.open(temporary)) {
      assertThatThrownBy(() -> Policies.loadAdapted(other, saved, 1))
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("has the shape");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm_head", "embed_tokens", "query"})
  void targetsThatCannotBeAdaptedAreRefused(String name) {
    LoraConfig config = new LoraConfig(2, 2, new TargetModules.Suffixes(List.of(name)));
    assertThatThrownBy(() -> Policies.loadAdapted(folder, new FreshAdapter(config, 1), 1))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(name);
  }

  @Test
  void everyLinearModuleOfEveryFamilyCanBeAdapted() {
    for (Path model : Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl")) {
      LoraConfig config = new LoraConfig(1, 1, new TargetModules.AllLinear());
      try (QwenPolicy policy = Policies.loadAdapted(model, new FreshAdapter(config, 1), 1)) {
        EncodedPrompt images = policy.encode(QwenPolicyTest.question(1));
        float[] gradient = new float[policy.layout().size()];
        policy.accumulateGradient(images, ANSWERS, 1, QwenPolicyTest::ones, gradient);
        int vision = 0;
        for (ParameterLayout.Parameter one : policy.layout().parameters()) {
          vision += one.name().contains(".visual.") ? 1 : 0;
          if (one.name().contains("lora_B")) {
            assertThat(Arrays.copyOfRange(gradient, one.offset(), one.offset() + one.length()))
                .as(one.name())
                .isNotEqualTo(new float[one.length()]);
          }
        }
        assertThat(vision).isPositive();
      }
    }
  }

  @Test
  void anAdapterOfTheVisionTowerHasNoGradientWithoutPictures() {
    LoraConfig config = new LoraConfig(1, 1, TargetModules.Expression.of(".*visual.*\\.qkv"));
    try (QwenPolicy policy = Policies.loadAdapted(folder, new FreshAdapter(config, 1), 1)) {
      EncodedPrompt text = new EncodedPrompt(TokenIds.of(9, 10, 11), new float[0], List.of());
      float[] gradient = new float[policy.layout().size()];
      policy.accumulateGradient(text, ANSWERS, 1, QwenPolicyTest::ones, gradient);
      assertThat(gradient).containsOnly(0);
    }
  }

  @Test
  void aPolicyWithoutAnAdapterHasNoneToSwitch() {
    assertThatThrownBy(() -> ((QwenPolicy) base).useAdapter(AdapterMode.DISABLED))
        .isInstanceOf(IllegalStateException.class);
  }
}
