package io.medvol.rollout.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Losses, gradients and metrics against TRL's own methods. */
@Tag("parity")
class PolicyLossParityTest {
  @TestFactory
  Stream<DynamicTest> singlePrecisionCases() {
    Path file = present("grpo/losses.json");
    JsonNode meta = Golden.json(file);
    GoldenTensors tensors = Golden.tensors(sibling(file));
    return fields(meta.get("cases"))
        .map(name -> DynamicTest.dynamicTest(name, () -> checkLoss(name, meta, tensors)));
  }

  private static void checkLoss(String name, JsonNode meta, GoldenTensors tensors) {
    JsonNode options = meta.get("cases").get(name);
    int[] lengths = lengths(tensors);
    int rows = lengths.length;
    LossEvaluation found = evaluate(name, meta, tensors, lengths);
    double loss = options.get("loss").asDouble();
    assertThat(found.sums().loss()).isCloseTo(loss, within(1e-5 * Math.abs(loss) + 1e-9));
    compare(found.gradient(), matrix(tensors, name + ".gradient", rows), lengths, 1e-4, 1e-6);
    compareTokenLosses(
        found.tokenLosses(), matrix(tensors, name + ".per_token_loss", rows), lengths);
    compareMetrics(found.sums(), options.get("metrics"), 1e-5);
  }

  private static int[] lengths(GoldenTensors tensors) {
    int rows = (int) tensors.shape("logps")[0];
    return ObjectiveCases.lengths(ObjectiveCases.rows(asDoubles(tensors, "completion_mask"), rows));
  }

  private static LossEvaluation evaluate(
      String name, JsonNode meta, GoldenTensors tensors, int[] lengths) {
    JsonNode options = meta.get("cases").get(name);
    Objective objective = ObjectiveCases.objective(options);
    int rows = lengths.length;
    double[][] old = matrix(tensors, "old_per_token_logps", rows);
    List<Answer> answers =
        ObjectiveCases.answers(
            wide(tensors, "advantages"),
            options.path("on_policy").asBoolean(false) ? null : old,
            null,
            objective.needsReference() ? matrix(tensors, "ref_per_token_logps", rows) : null,
            lengths);
    LossDenominators denominators =
        ObjectiveCases.denominators(
            options,
            lengths,
            tensors.longs("num_items_in_batch")[0],
            meta.get("max_completion_length").asInt());
    return new PolicyLoss(objective, UpdateScope.of(denominators), answers)
        .evaluate(
            ObjectiveCases.cut(matrix(tensors, "logps", rows), lengths),
            ObjectiveCases.cut(matrix(tensors, "entropies", rows), lengths));
  }

  @TestFactory
  Stream<DynamicTest> doublePrecisionCases() {
    JsonNode meta = Golden.json(present("grpo/float64.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode options : meta.get("cases")) {
      tests.add(
          DynamicTest.dynamicTest(options.get("name").asText(), () -> checkDouble(options, meta)));
    }
    return tests.stream();
  }

  private static void checkDouble(JsonNode options, JsonNode meta) {
    Objective objective = ObjectiveCases.objective(options);
    int[] lengths = ObjectiveCases.lengths(matrix(meta.get("mask")));
    double[][] old = options.get("old_given").asBoolean() ? matrix(meta.get("old")) : null;
    double[][] current = matrix(meta.get("cur"));
    double[][] sampling = null;
    if (options.has("importance_sampling_mode")) {
      sampling = matrix(meta.get("sampling"));
    } else if (options.get("rollout_is").asBoolean()) {
      sampling = sampling(old, matrix(meta.get("rollout_is_ratio")), lengths);
    }
    List<Answer> answers =
        ObjectiveCases.answers(
            vector(meta.get("advantages")),
            old,
            sampling,
            objective.needsReference() ? matrix(meta.get("ref")) : null,
            lengths);
    LossDenominators denominators =
        ObjectiveCases.denominators(
            options,
            lengths,
            Arrays.stream(lengths).sum(),
            options.get("max_completion_length").asInt());
    double[][] entropies = ObjectiveCases.cut(matrix(meta.get("entropies")), lengths);
    double threshold =
        objective.selectsTokens()
            ? EntropyThreshold.of(
                Arrays.stream(entropies).flatMapToDouble(Arrays::stream).toArray(),
                objective.topEntropyQuantile())
            : Double.NEGATIVE_INFINITY;
    LossEvaluation found =
        new PolicyLoss(objective, new UpdateScope(denominators, threshold), answers)
            .evaluate(ObjectiveCases.cut(current, lengths), entropies);
    double loss = options.get("loss").asDouble();
    assertThat(found.sums().loss()).isCloseTo(loss, within(1e-12 * (1 + Math.abs(loss))));
    compare(found.gradient(), matrix(options.get("grad")), lengths, 1e-12, 1e-13);
    compareMetrics(found.sums(), options.get("metrics"), 1e-6);
  }

  /**
   * Such that the answer's weight is the given one; a weight of 0 was masked for being too large.
   */
  private static double[][] sampling(double[][] old, double[][] weights, int[] lengths) {
    double[][] sampling = new double[old.length][];
    for (int i = 0; i < old.length; i++) {
      double weight = weights[i][0] == 0 ? 1e3 : weights[i][0];
      sampling[i] = old[i].clone();
      sampling[i][lengths[i] - 1] -= Math.log(weight);
    }
    return sampling;
  }

  @TestFactory
  Stream<DynamicTest> singlePrecisionCasesInDouble() {
    JsonNode exact = Golden.json(present("grpo/losses-float64.json")).get("cases");
    Path file = present("grpo/losses.json");
    JsonNode meta = Golden.json(file);
    GoldenTensors tensors = Golden.tensors(sibling(file));
    return fields(exact)
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      int[] lengths = lengths(tensors);
                      LossEvaluation found = evaluate(name, meta, tensors, lengths);
                      double loss = exact.get(name).get("loss").asDouble();
                      assertThat(found.sums().loss()).isCloseTo(loss, within(1e-12));
                      double[][] gradient = matrix(exact.get(name).get("gradient"));
                      compare(found.gradient(), gradient, lengths, 1e-12, 1e-13);
                    }));
  }

  private static void compareMetrics(ObjectiveSums sums, JsonNode expected, double tolerance) {
    fields(expected)
        .forEach(
            name -> {
              double value = expected.get(name).asDouble();
              assertThat(ObjectiveCases.metric(name, sums))
                  .as(name)
                  .isCloseTo(value, within(tolerance * (1 + Math.abs(value))));
            });
  }

  private static void compare(
      double[][] found, double[][] expected, int[] lengths, double relative, double absolute) {
    for (int i = 0; i < lengths.length; i++) {
      for (int t = 0; t < lengths[i]; t++) {
        assertThat(found[i][t])
            .as("answer %d token %d", i, t)
            .isCloseTo(expected[i][t], within(relative * Math.abs(expected[i][t]) + absolute));
      }
    }
  }

  private static void compareTokenLosses(double[][] found, double[][] expected, int[] lengths) {
    for (int i = 0; i < lengths.length; i++) {
      for (int t = 0; t < lengths[i]; t++) {
        double value = expected[i][expected[i].length == 1 ? 0 : t];
        assertThat(found[i][t])
            .as("answer %d token %d", i, t)
            .isCloseTo(value, within(1e-5 * Math.abs(value) + 1e-6));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> chainFromLogits() {
    Path file = present("grpo/logits.json");
    JsonNode meta = Golden.json(file);
    GoldenTensors tensors = Golden.tensors(sibling(file));
    return fields(meta.get("cases"))
        .map(name -> DynamicTest.dynamicTest(name, () -> checkLogits(name, meta, tensors)));
  }

  private static void checkLogits(String name, JsonNode meta, GoldenTensors tensors) {
    JsonNode options = meta.get("cases").get(name);
    Objective objective = ObjectiveCases.objective(options);
    long[] shape = tensors.shape("logits");
    int rows = (int) shape[0];
    int length = (int) shape[1];
    int vocabulary = (int) shape[2];
    double temperature = options.get("temperature").asDouble();
    double[] logits = wide(tensors, "logits");
    long[] ids = tensors.longs("completion_ids");
    double[][] logProbs = new double[rows][length];
    double[][] entropies = new double[rows][length];
    double[][][] probabilities = new double[rows][length][];
    for (int i = 0; i < rows; i++) {
      for (int t = 0; t < length; t++) {
        int at = (i * length + t) * vocabulary;
        double[] p = softmax(logits, at, vocabulary, temperature);
        probabilities[i][t] = p;
        logProbs[i][t] = Math.log(p[(int) ids[i * length + t]]);
        for (double q : p) {
          entropies[i][t] -= q * Math.log(q);
        }
      }
    }
    int[] lengths =
        ObjectiveCases.lengths(
            ObjectiveCases.rows(asDoubles(tensors, name + ".completion_mask"), rows));
    compare(logProbs, matrix(tensors, name + ".logps", rows), lengths, 1e-5, 1e-6);
    compare(entropies, matrix(tensors, name + ".entropy", rows), lengths, 1e-5, 1e-6);
    List<Answer> answers =
        ObjectiveCases.answers(
            wide(tensors, name + ".advantages"),
            matrix(tensors, name + ".old_per_token_logps", rows),
            null,
            matrix(tensors, name + ".ref_per_token_logps", rows),
            lengths);
    LossDenominators denominators =
        ObjectiveCases.denominators(
            options, lengths, tensors.longs(name + ".num_items_in_batch")[0], length);
    LossEvaluation found =
        new PolicyLoss(objective, UpdateScope.of(denominators), answers)
            .evaluate(
                ObjectiveCases.cut(logProbs, lengths), ObjectiveCases.cut(entropies, lengths));
    double loss = options.get("loss").asDouble();
    assertThat(found.sums().loss()).isCloseTo(loss, within(1e-5 * Math.abs(loss)));
    compareMetrics(found.sums(), options.get("metrics"), 1e-5);
    double[] expected = wide(tensors, name + ".gradient");
    Optional<JsonNode> exact =
        Golden.find("grpo/logits-float64.json").map(path -> Golden.json(path).get("cases"));
    exact.ifPresent(
        cases ->
            assertThat(found.sums().loss())
                .isCloseTo(cases.get(name).get("loss").asDouble(), within(1e-12)));
    for (int i = 0; i < rows; i++) {
      for (int t = 0; t < lengths[i]; t++) {
        for (int v = 0; v < vocabulary; v++) {
          double oneHot = v == ids[i * length + t] ? 1 : 0;
          double slope = found.gradient()[i][t] * (oneHot - probabilities[i][t][v]) / temperature;
          double value = expected[(i * length + t) * vocabulary + v];
          assertThat(slope).isCloseTo(value, within(1e-4 * Math.abs(value) + 1e-6));
          if (exact.isPresent()) {
            JsonNode wanted = exact.get().get(name).get("gradient");
            assertThat(slope).isCloseTo(wanted.at(pointer(i, t, v)).asDouble(), within(1e-12));
          }
        }
      }
    }
  }

  private static String pointer(int row, int token, int id) {
    return "/" + row + "/" + token + "/" + id;
  }

  private static double[] softmax(double[] logits, int from, int count, double temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < count; v++) {
      max = Math.max(max, logits[from + v] / temperature);
    }
    double[] p = new double[count];
    double sum = 0;
    for (int v = 0; v < count; v++) {
      p[v] = Math.exp(logits[from + v] / temperature - max);
      sum += p[v];
    }
    for (int v = 0; v < count; v++) {
      p[v] /= sum;
    }
    return p;
  }

  private static Path present(String relative) {
    Path file = Golden.find(relative).orElse(null);
    Assumptions.assumeTrue(file != null, "The given set has no " + relative);
    return file;
  }

  private static Path sibling(Path json) {
    return json.resolveSibling(json.getFileName().toString().replace(".json", ".safetensors"));
  }

  private static Stream<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    assertThat(names).isNotEmpty();
    return names.stream();
  }

  private static double[] asDoubles(GoldenTensors tensors, String name) {
    return Arrays.stream(tensors.longs(name)).asDoubleStream().toArray();
  }

  private static double[] wide(GoldenTensors tensors, String name) {
    float[] values = tensors.floats(name);
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[][] matrix(GoldenTensors tensors, String name, int rows) {
    return ObjectiveCases.rows(wide(tensors, name), rows);
  }

  private static double[][] matrix(JsonNode node) {
    double[][] rows = new double[node.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = vector(node.get(i));
    }
    return rows;
  }

  private static double[] vector(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asDouble();
    }
    return values;
  }
}
