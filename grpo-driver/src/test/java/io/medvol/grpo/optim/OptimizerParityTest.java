package io.medvol.grpo.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** AdamW, clipping and schedules against torch and transformers. */
@Tag("parity")
class OptimizerParityTest {
  @Test
  void adamWithDecayAndClippingFollowsTorch() {
    Path file = present("optim/adamw.json");
    JsonNode meta = Golden.json(file);
    JsonNode options = meta.get("options");
    GoldenTensors tensors = Golden.tensors(file.resolveSibling("adamw.safetensors"));
    ParameterLayout layout = layout(tensors);
    AdamW adam =
        new AdamW(
            layout,
            options.get("betas").get(0).asDouble(),
            options.get("betas").get(1).asDouble(),
            options.get("eps").asDouble(),
            options.get("weight_decay").asDouble());
    int steps = meta.get("learning_rates").size();
    LearningRateSchedule schedule =
        new LearningRateSchedule(
            type(options.get("schedule").asText()), steps, options.get("warmup").asLong(), 0.5, 0);
    FloatVector parameters = flat(layout, tensors, name -> "initial." + name);
    OptimizerState state = OptimizerState.zero(layout.size());
    for (int step = 0; step < steps; step++) {
      String prefix = step + ".";
      FloatVector gradient = flat(layout, tensors, name -> "gradient." + prefix + name);
      double rate = options.get("lr").asDouble() * schedule.multiplier(step);
      assertThat(rate)
          .isCloseTo(meta.get("learning_rates").get(step).asDouble(), within(1e-9 * rate + 1e-15));
      double norm = GradientNorm.of(gradient);
      double expectedNorm = meta.get("norms_before_clipping").get(step).asDouble();
      assertThat(norm).isCloseTo(expectedNorm, within(1e-5 * expectedNorm));
      double factor = GradientNorm.clipFactor(norm, options.get("max_norm").asDouble());
      AdamW.Step update = adam.step(parameters, state, gradient, factor, rate);
      parameters = FloatVector.wrap(update.parameters());
      state = update.state();
      compare(parameters, flat(layout, tensors, name -> "parameter." + prefix + name), 1e-6);
    }
    compare(state.expAvg(), flat(layout, tensors, name -> "final.exp_avg." + name), 1e-6);
    compare(state.expAvgSq(), flat(layout, tensors, name -> "final.exp_avg_sq." + name), 1e-9);
  }

  @TestFactory
  Stream<DynamicTest> schedulesFollowTransformers() {
    JsonNode cases = Golden.json(present("optim/schedules.json")).get("cases");
    List<DynamicTest> tests = new ArrayList<>();
    cases
        .fieldNames()
        .forEachRemaining(
            name -> tests.add(DynamicTest.dynamicTest(name, () -> checkSchedule(cases.get(name)))));
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void checkSchedule(JsonNode options) {
    SchedulerType type = type(options.get("kind").asText());
    LearningRateSchedule schedule =
        new LearningRateSchedule(
            type,
            options.get("steps").asLong(),
            options.get("warmup_steps").asLong(),
            options
                .path("num_cycles")
                .asDouble(type == SchedulerType.COSINE_WITH_RESTARTS ? 1 : 0.5),
            options.path("min_lr_rate").asDouble(0));
    for (int step = 0; step < options.get("multipliers").size(); step++) {
      assertThat(schedule.multiplier(step))
          .as("step %d", step)
          .isCloseTo(options.get("multipliers").get(step).asDouble(), within(1e-12));
    }
  }

  private static SchedulerType type(String name) {
    return SchedulerType.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static ParameterLayout layout(GoldenTensors tensors) {
    List<ParameterLayout.Parameter> parameters = new ArrayList<>();
    int offset = 0;
    for (String tensor : tensors.names().stream().sorted().toList()) {
      if (tensor.startsWith("initial.")) {
        List<Long> shape = Arrays.stream(tensors.shape(tensor)).boxed().toList();
        int length = tensors.floats(tensor).length;
        parameters.add(
            new ParameterLayout.Parameter(
                tensor.substring("initial.".length()), shape, offset, length));
        offset += length;
      }
    }
    return new ParameterLayout(parameters);
  }

  private static FloatVector flat(
      ParameterLayout layout, GoldenTensors tensors, Function<String, String> tensorName) {
    float[] flat = new float[layout.size()];
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      float[] values = tensors.floats(tensorName.apply(parameter.name()));
      System.arraycopy(values, 0, flat, parameter.offset(), values.length);
    }
    return FloatVector.wrap(flat);
  }

  private static void compare(FloatVector found, FloatVector expected, double absolute) {
    for (int i = 0; i < expected.length(); i++) {
      assertThat((double) found.at(i))
          .as("value %d", i)
          .isCloseTo(expected.at(i), within(1e-5 * Math.abs(expected.at(i)) + absolute));
    }
  }

  private static Path present(String relative) {
    Path file = Golden.find(relative).orElse(null);
    Assumptions.assumeTrue(file != null, "The given set has no " + relative);
    return file;
  }
}
