package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenObjective;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.testing.GoldenTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Log-probabilities and gradients against the reference implementation's. */
@Tag("parity")
@Tag("numeric")
class GradientParityTest {
  private static final double LOG_PROB_TOLERANCE = 1e-4;
  private static final double LOSS_TOLERANCE = 1e-6;

  /** Of the largest value of a tensor. */
  private static final double GRADIENT_TOLERANCE = 5e-5;

  private static final double NORM_TOLERANCE = 1e-5;

  /** The reference set grants Qwen3-VL, with its large gains, more noise. */
  private static final double QWEN3_FACTOR = 10;

  /** One pass over the prompt against one for each completion; the reference reaches 1e-6. */
  private static final double SHARING_TOLERANCE = 3e-6;

  private static List<GoldenModel> models;

  @BeforeAll
  static void open() {
    models = GoldenModel.folders().stream().map(GoldenModel::open).toList();
  }

  @AfterAll
  static void close() {
    models.forEach(GoldenModel::close);
  }

  @TestFactory
  Stream<DynamicTest> logProbs() {
    return models("08_logprobs")
        .flatMap(
            model -> {
              GoldenTensors golden = model.tensors("08_logprobs");
              return golden.names().stream()
                  .filter(name -> name.startsWith("logps_t"))
                  .map(name -> name.substring("logps_t".length()))
                  .map(
                      temperature ->
                          DynamicTest.dynamicTest(
                              model.folder().getFileName() + " temperature " + temperature,
                              () -> logProbs(model, golden, temperature)));
            });
  }

  private static void logProbs(GoldenModel model, GoldenTensors golden, String temperature) {
    int[] mask = golden.ints("completion_mask");
    float[] logps = golden.floats("logps_t" + temperature);
    float[] entropies = golden.floats("entropy_t" + temperature);
    int width = (int) golden.shape("completion_mask")[1];
    List<EncodedPrompt> rows = model.batch(golden, "");
    for (int row = 0; row < rows.size(); row++) {
      int length = Arrays.stream(mask, row * width, (row + 1) * width).sum();
      PackedGroup group = model.split(rows.get(row), rows.get(row).tokens().length() - length);
      List<double[]> seen = evaluate(model, group, Double.parseDouble(temperature));
      for (int t = 0; t < length; t++) {
        assertThat(seen.get(0)[t])
            .as("row %d, token %d", row, t)
            .isCloseTo(logps[row * width + t], within(LOG_PROB_TOLERANCE));
        assertThat(seen.get(1)[t])
            .as("entropy, row %d, token %d", row, t)
            .isCloseTo(entropies[row * width + t], within(LOG_PROB_TOLERANCE));
      }
    }
  }

  /** Log-probabilities and entropies of a single completion, as an objective sees them. */
  private static List<double[]> evaluate(GoldenModel model, PackedGroup group, double temperature) {
    List<double[]> seen = new ArrayList<>();
    double[][] plain = scorer(model).logProbs(group, temperature);
    TrainableWeights weights = trainable(model, TrainableParameters.LANGUAGE_MODEL);
    TokenObjective observer =
        (logProbs, entropies) -> {
          assertThat(logProbs).isDeepEqualTo(plain);
          seen.add(logProbs[0]);
          seen.add(entropies[0]);
          return new double[][] {new double[logProbs[0].length]};
        };
    float[] gradient = new float[weights.layout().size()];
    scorer(model)
        .accumulate(group, temperature, observer, weights.layout(), weights.leaves(), gradient);
    assertThat(gradient).containsOnly(0);
    return seen;
  }

  @TestFactory
  Stream<DynamicTest> supervisedLossAndGradients() {
    return models("09_sft")
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.folder().getFileName().toString(), () -> supervised(model)));
  }

  private static void supervised(GoldenModel model) {
    assertSupervised(model, trainable(model, TrainableParameters.ALL), "09_sft");
  }

  @TestFactory
  Stream<DynamicTest> adapterLossAndGradients() {
    return models("10_lora")
        .map(
            plain ->
                DynamicTest.dynamicTest(
                    plain.folder().getFileName().toString(),
                    () -> {
                      try (GoldenModel model = GoldenModel.openAdapted(plain.folder())) {
                        LoraAdapter adapter = model.network().adapter().orElseThrow();
                        assertSupervised(
                            model, TrainableWeights.of(model.runtime(), adapter), "10_lora");
                      }
                    }));
  }

  /** Loss and gradients on the batch of {@code 09_sft} against those of a case. */
  private static void assertSupervised(GoldenModel model, TrainableWeights weights, String part) {
    GoldenTensors batch = model.tensors("09_sft");
    GoldenTensors golden = model.tensors(part);
    int[] labels = batch.ints("labels");
    int width = (int) batch.shape("labels")[1];
    int labelTokens = (int) Arrays.stream(labels).filter(label -> label >= 0).count();
    float[] gradient = new float[weights.layout().size()];
    double[] loss = new double[1];
    List<EncodedPrompt> rows = model.batch(batch, "");
    for (int row = 0; row < rows.size(); row++) {
      int answer =
          (int)
              Arrays.stream(labels, row * width, (row + 1) * width)
                  .filter(label -> label >= 0)
                  .count();
      PackedGroup group = model.split(rows.get(row), rows.get(row).tokens().length() - answer);
      TokenObjective crossEntropy =
          (logProbs, entropies) -> {
            loss[0] -= Arrays.stream(logProbs[0]).sum() / labelTokens;
            double[] derivative = new double[logProbs[0].length];
            Arrays.fill(derivative, -1.0 / labelTokens);
            return new double[][] {derivative};
          };
      scorer(model)
          .accumulate(group, 1, crossEntropy, weights.layout(), weights.leaves(), gradient);
    }
    assertThat(labelTokens).isEqualTo(model.meta("09_sft").get("label_tokens").asInt());
    double expected = golden.floats("loss")[0];
    assertThat(loss[0]).isCloseTo(expected, within(LOSS_TOLERANCE * expected));
    assertGradients(golden, model.meta(part), weights.layout(), gradient, factor(model));
  }

  @TestFactory
  Stream<DynamicTest> groupGradientsWithOnePassOverThePrompt() {
    return models("11_shared_prefix")
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.folder().getFileName().toString(), () -> sharedPrefix(model)));
  }

  private static void sharedPrefix(GoldenModel model) {
    GoldenTensors golden = model.tensors("11_shared_prefix");
    int[] mask = golden.ints("completion_mask");
    int[] ids = golden.ints("completion_ids");
    float[] logps = golden.floats("logps");
    float[] advantages = golden.floats("advantages");
    int width = (int) golden.shape("completion_ids")[1];
    List<TokenIds> completions = new ArrayList<>();
    for (int i = 0; i < advantages.length; i++) {
      int length = Arrays.stream(mask, i * width, (i + 1) * width).sum();
      completions.add(TokenIds.of(Arrays.copyOfRange(ids, i * width, i * width + length)));
    }
    Prompt prompt = Prompt.of(model.config(), model.prompt(golden.ints("prompt.input_ids")));
    TrainableWeights weights = trainable(model, TrainableParameters.ALL);
    float[] shared = new float[weights.layout().size()];
    TokenObjective objective =
        (logProbs, entropies) -> {
          double[][] derivative = new double[logProbs.length][];
          for (int i = 0; i < logProbs.length; i++) {
            derivative[i] = new double[logProbs[i].length];
            Arrays.fill(derivative[i], advantages[i]);
            for (int t = 0; t < logProbs[i].length; t++) {
              assertThat(logProbs[i][t])
                  .as("completion %d, token %d", i, t)
                  .isCloseTo(logps[i * width + t], within(LOG_PROB_TOLERANCE));
            }
          }
          return derivative;
        };
    scorer(model)
        .accumulate(
            new PackedGroup(prompt, completions),
            1,
            objective,
            weights.layout(),
            weights.leaves(),
            shared);
    assertGradients(
        golden, model.meta("11_shared_prefix"), weights.layout(), shared, factor(model));

    float[] plain = new float[shared.length];
    for (int i = 0; i < completions.size(); i++) {
      float advantage = advantages[i];
      scorer(model)
          .accumulate(
              new PackedGroup(prompt, completions.subList(i, i + 1)),
              1,
              (logProbs, entropies) -> {
                double[] derivative = new double[logProbs[0].length];
                Arrays.fill(derivative, advantage);
                return new double[][] {derivative};
              },
              weights.layout(),
              weights.leaves(),
              plain);
    }
    assertThat(distance(shared, plain, 0, plain.length) / norm(plain, 0, plain.length))
        .isLessThan(SHARING_TOLERANCE);
  }

  private static void assertGradients(
      GoldenTensors golden,
      JsonNode meta,
      ParameterLayout layout,
      float[] gradient,
      double factor) {
    int compared = 0;
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      String name = "grad." + parameter.name();
      if (golden.has(name)) {
        float[] expected = golden.floats(name);
        float[] actual =
            Arrays.copyOfRange(
                gradient, parameter.offset(), parameter.offset() + parameter.length());
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
          largest = Math.max(largest, Math.abs(expected[i]));
          worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst).as(name).isLessThan(factor * GRADIENT_TOLERANCE * largest);
        compared++;
      }
    }
    assertThat(compared)
        .isEqualTo((int) golden.names().stream().filter(n -> n.startsWith("grad.")).count());
    if (!meta.has("gradient_norms")) {
      return;
    }
    int norms = 0;
    for (Iterator<Map.Entry<String, JsonNode>> it = meta.get("gradient_norms").fields();
        it.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = it.next();
      ParameterLayout.Parameter parameter =
          layout.parameters().stream()
              .filter(p -> p.name().equals(entry.getKey()))
              .findFirst()
              .orElseThrow(() -> new AssertionError("No parameter " + entry.getKey()));
      double expected = entry.getValue().asDouble();
      assertThat(norm(gradient, parameter.offset(), parameter.length()))
          .as(entry.getKey())
          .isCloseTo(expected, within(factor * NORM_TOLERANCE * expected));
      norms++;
    }
    assertThat(norms).isEqualTo(layout.parameters().size());
    double total = meta.get("total_norm").asDouble();
    assertThat(norm(gradient, 0, gradient.length))
        .isCloseTo(total, within(factor * NORM_TOLERANCE * total));
  }

  private static double factor(GoldenModel model) {
    return model.config().vision().style() == TowerStyle.QWEN3_VL ? QWEN3_FACTOR : 1;
  }

  private static Stream<GoldenModel> models(String part) {
    return GoldenModel.with(models, part).stream();
  }

  private static QwenScorer scorer(GoldenModel model) {
    return new QwenScorer(model.runtime(), model.network(), TokenIds.of());
  }

  private static TrainableWeights trainable(GoldenModel model, TrainableParameters which) {
    return TrainableWeights.of(model.runtime(), model.network(), which);
  }

  private static double distance(float[] a, float[] b, int from, int length) {
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double norm(float[] values, int from, int length) {
    return distance(values, new float[values.length], from, length);
  }
}
