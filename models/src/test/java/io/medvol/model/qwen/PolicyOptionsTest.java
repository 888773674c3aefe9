package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** How a policy computes does not change what it computes; for each kind of the family. */
class PolicyOptionsTest {
  private static final PolicyOptions PLAIN = PolicyOptions.defaults().withFeatureCacheBytes(0);
  private static final PolicyOptions RECOMPUTED =
      PLAIN.withCheckpointing(ActivationCheckpointing.LAYERS);
  private static final SamplingParams SAMPLING = new SamplingParams(1, 6).withMinNewTokens(6);

  /** Of the largest value; both passes add the same terms, a few of them in another order. */
  private static final double ROUNDING = 1e-5;

  /** Of the norm; the golden set grants bfloat16 arithmetic logits that are 0.5 off. */
  private static final double BFLOAT16 = 0.1;

  @BeforeAll
  static void oneThread() {
    TorchRuntime.setIntraOpThreads(1);
  }

  private static Stream<DynamicTest> each(Consumer<ModelDirectory> check) {
    return Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl").stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> check.accept(ModelDirectory.open(folder))));
  }

  @TestFactory
  Stream<DynamicTest> recomputingLayersGivesTheSameGradients() {
    return each(
        model -> {
          for (TrainableParameters which : TrainableParameters.values()) {
            assertSame(
                gradient(load(model, which, PLAIN)), gradient(load(model, which, RECOMPUTED)));
          }
          assertSame(gradient(adapted(model, PLAIN)), gradient(adapted(model, RECOMPUTED)));
        });
  }

  @TestFactory
  Stream<DynamicTest> keptFeaturesGiveTheSameBits() {
    return each(
        model -> {
          try (QwenPolicy kept = adapted(model, PolicyOptions.defaults());
              QwenPolicy fresh = adapted(model, PLAIN)) {
            EncodedPrompt prompt = kept.encode(QwenPolicyTest.question(2));
            for (int i = 0; i < 2; i++) {
              List<Completion> drawn = kept.sample(prompt, SAMPLING, new long[] {1, 2});
              assertThat(drawn).isEqualTo(fresh.sample(prompt, SAMPLING, new long[] {1, 2}));
              List<TokenIds> tokens = drawn.stream().map(Completion::tokens).toList();
              assertThat(kept.logProbs(prompt, tokens, 1))
                  .isEqualTo(fresh.logProbs(prompt, tokens, 1));
              assertThat(gradient(kept, prompt)).isEqualTo(gradient(fresh, prompt));
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> keptFeaturesStayWithinTheirShareOfMemory() {
    return each(
        model -> {
          PolicyOptions small = PLAIN.withFeatureCacheBytes(featureBytes(model));
          try (QwenPolicy policy = adapted(model, small)) {
            int without = policy.liveTensors();
            EncodedPrompt first = prompt(policy, 1);
            EncodedPrompt second = prompt(policy, 2);
            policy.sample(first, SAMPLING, new long[] {1});
            int one = policy.liveTensors();
            assertThat(one).isGreaterThan(without);
            policy.sample(second, SAMPLING, new long[] {1});
            policy.sample(first, SAMPLING, new long[] {1});
            assertThat(policy.liveTensors()).isEqualTo(one);
          }
          try (QwenPolicy policy =
              adapted(model, PLAIN.withFeatureCacheBytes(featureBytes(model) - 1))) {
            int without = policy.liveTensors();
            policy.sample(prompt(policy, 1), SAMPLING, new long[] {1});
            assertThat(policy.liveTensors()).isEqualTo(without);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aTrainedTowerIsNeverRemembered() {
    return each(
        model -> {
          try (QwenPolicy policy = load(model, TrainableParameters.ALL, PolicyOptions.defaults())) {
            EncodedPrompt prompt = prompt(policy, 1);
            List<TokenIds> answer = List.of(policy.tokenize("Where is the liver?"));
            var before = policy.logProbs(prompt, answer, 1);
            float[] moved = policy.parameters();
            policy.layout().parameters().stream()
                .filter(one -> one.name().contains("visual"))
                .forEach(
                    one -> {
                      for (int i = one.offset(); i < one.offset() + one.length(); i++) {
                        moved[i] *= 1.5f;
                      }
                    });
            policy.setParameters(moved);
            assertThat(policy.logProbs(prompt, answer, 1)).isNotEqualTo(before);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> bfloat16TrainsFloat32ValuesInTheSameDirection() {
    return each(
        model -> {
          PolicyOptions half = PLAIN.withPrecision(Precision.BF16);
          float[] expected = gradient(adapted(model, PLAIN));
          for (PolicyOptions options :
              List.of(half, half.withCheckpointing(ActivationCheckpointing.LAYERS))) {
            float[] found = gradient(adapted(model, options));
            assertThat(found).isNotEqualTo(expected);
            assertThat(distance(found, expected) / norm(expected)).isLessThan(BFLOAT16);
          }
          try (QwenPolicy policy = load(model, TrainableParameters.LANGUAGE_MODEL, half)) {
            float[] values = policy.parameters();
            for (int i = 0; i < values.length; i++) {
              values[i] += 1e-6f;
            }
            policy.setParameters(values);
            assertThat(policy.parameters())
                .as("no bit of a trained value is lost")
                .isEqualTo(values);
            assertThat(policy.sample(prompt(policy, 1), SAMPLING, new long[] {1, 2, 3, 4, 5}))
                .hasSize(5);
          }
        });
  }

  private static QwenPolicy load(
      ModelDirectory model, TrainableParameters which, PolicyOptions options) {
    return QwenPolicy.load(model, which, options);
  }

  /** With an adapter in the decoder whose B is not zero. */
  private static QwenPolicy adapted(ModelDirectory model, PolicyOptions options) {
    LoraConfig lora =
        new LoraConfig(
            4, 8, TargetModules.Expression.of(".*language_model.*\\.(q_proj|o_proj|up_proj)"));
    QwenPolicy policy = QwenPolicy.load(model, new FreshAdapter(lora, 3), options);
    Random random = new Random(4);
    float[] values = policy.parameters();
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.05f * (float) random.nextGaussian();
    }
    policy.setParameters(values);
    return policy;
  }

  private static EncodedPrompt prompt(QwenPolicy policy, int picture) {
    EncodedPrompt prompt = policy.encode(QwenPolicyTest.question(1));
    float[] pixels = prompt.pixelValues().clone();
    pixels[0] += picture;
    return new EncodedPrompt(prompt.tokens(), pixels, prompt.grids());
  }

  private static long featureBytes(ModelDirectory model) {
    QwenConfig config = QwenConfigReader.read(model.config(), "config.json");
    try (QwenPolicy policy = adapted(model, PLAIN)) {
      int patches = policy.encode(QwenPolicyTest.question(1)).grids().get(0).patches();
      return (long) patches
          / config.vision().mergeUnit()
          * config.text().hidden()
          * (1 + config.vision().deepstackLayers().size())
          * Float.BYTES;
    }
  }

  private static float[] gradient(QwenPolicy policy) {
    try (policy) {
      return gradient(policy, policy.encode(QwenPolicyTest.question(2)));
    }
  }

  private static float[] gradient(QwenPolicy policy, EncodedPrompt prompt) {
    List<TokenIds> answers =
        List.of(policy.tokenize("Where is the liver?"), policy.tokenize("On slice 37."));
    float[] gradient = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, answers, 1, QwenPolicyTest::ones, gradient);
    assertThat(norm(gradient)).isPositive();
    return gradient;
  }

  private static void assertSame(float[] expected, float[] found) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(ROUNDING * largest));
    }
  }

  private static double norm(float[] values) {
    return distance(values, new float[values.length]);
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }
}
