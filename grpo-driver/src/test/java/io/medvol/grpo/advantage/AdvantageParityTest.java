package io.medvol.grpo.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Advantages and reward metrics against TRL's own methods. */
@Tag("parity")
class AdvantageParityTest {
  @TestFactory
  Stream<DynamicTest> singlePrecisionCases() {
    Path file = present("grpo/advantages.json");
    JsonNode meta = Golden.json(file);
    GoldenTensors tensors = Golden.tensors(file.resolveSibling("advantages.safetensors"));
    List<DynamicTest> tests = new ArrayList<>();
    meta.get("cases")
        .fieldNames()
        .forEachRemaining(
            name -> tests.add(DynamicTest.dynamicTest(name, () -> check(name, meta, tensors))));
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void check(String name, JsonNode meta, GoldenTensors tensors) {
    JsonNode options = meta.get("cases").get(name);
    int groupSize = meta.get("group_size").asInt();
    double[][][] terms = terms(tensors, name + ".rewards", groupSize);
    double[] weights = new double[terms.length];
    Arrays.setAll(weights, k -> options.get("weights").get(k).asDouble());
    AdvantageEstimate found =
        options.path("multi_objective_aggregation").asText().equals("normalize_then_sum")
            ? AdvantageEstimator.normalizeThenSum(terms, weights)
            : AdvantageEstimator.estimate(
                AdvantageEstimator.weightedSum(terms, weights),
                ScaleRewards.valueOf(
                    options.get("scale_rewards").asText().toUpperCase(Locale.ROOT)));
    float[] expected = tensors.floats(name + ".advantages");
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.groups().get(i / groupSize).at(i % groupSize))
          .as("answer %d", i)
          .isCloseTo(expected[i], within(1e-4 * Math.abs(expected[i]) + 1e-5));
    }
    close(found.rewards().mean(), options, "reward");
    close(found.rewards().std(), options, "reward_std");
    close(found.fracRewardZeroStd(), options, "frac_reward_zero_std");
    for (int k = 0; k < terms.length; k++) {
      SampleStatistics term =
          SampleStatistics.of(Arrays.stream(terms[k]).flatMapToDouble(Arrays::stream).toArray());
      close(term.mean(), options, "rewards/reward" + k + "/mean");
      close(term.std(), options, "rewards/reward" + k + "/std");
    }
  }

  private static void close(double found, JsonNode options, String metric) {
    double expected = options.get(metric).asDouble();
    assertThat(found).as(metric).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
  }

  private static double[][][] terms(GoldenTensors tensors, String name, int groupSize) {
    int answers = (int) tensors.shape(name)[0];
    int functions = (int) tensors.shape(name)[1];
    float[] values = tensors.floats(name);
    double[][][] terms = new double[functions][answers / groupSize][groupSize];
    for (int i = 0; i < answers; i++) {
      for (int k = 0; k < functions; k++) {
        terms[k][i / groupSize][i % groupSize] = values[i * functions + k];
      }
    }
    return terms;
  }

  @TestFactory
  Stream<DynamicTest> doublePrecisionCases() {
    JsonNode cases = Golden.json(present("grpo/float64.json")).get("advantage_cases");
    int groupSize = cases.get("G").asInt();
    double[][] rewards = new double[cases.get("rewards").size() / groupSize][groupSize];
    for (int i = 0; i < cases.get("rewards").size(); i++) {
      JsonNode reward = cases.get("rewards").get(i);
      rewards[i / groupSize][i % groupSize] = reward.isNull() ? Double.NaN : reward.asDouble();
    }
    return Arrays.stream(ScaleRewards.values())
        .map(
            scale ->
                DynamicTest.dynamicTest(
                    scale.name(),
                    () -> {
                      JsonNode expected = cases.get(scale.name().toLowerCase(Locale.ROOT));
                      List<Advantages> found = AdvantageEstimator.estimate(rewards, scale).groups();
                      for (int i = 0; i < expected.size(); i++) {
                        assertThat(found.get(i / groupSize).at(i % groupSize))
                            .isCloseTo(expected.get(i).asDouble(), within(1e-12));
                      }
                    }));
  }

  private static Path present(String relative) {
    Path file = Golden.find(relative).orElse(null);
    Assumptions.assumeTrue(file != null, "The given set has no " + relative);
    return file;
  }
}
