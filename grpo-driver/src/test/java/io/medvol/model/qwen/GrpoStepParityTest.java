package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.grpo.advantage.AdvantageEstimator;
import io.medvol.grpo.advantage.ScaleRewards;
import io.medvol.grpo.optim.AdamW;
import io.medvol.grpo.optim.LearningRateSchedule;
import io.medvol.grpo.optim.OptimizerState;
import io.medvol.grpo.optim.PolicyOptimizer;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterMode;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenObjective;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.WeightFiles;
import io.medvol.rollout.fixture.Objectives;
import io.medvol.rollout.objective.Answer;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.LossEvaluation;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.objective.PolicyLoss;
import io.medvol.rollout.objective.UpdateScope;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Complete GRPO updates of an adapter against TRL: rewards to advantages, reference and old
 * log-probabilities, loss, gradients, clipping, AdamW. It lies beside the network, whose policies
 * forbid picture tokens, because the reference forbids none.
 */
@Tag("parity")
@Tag("numeric")
class GrpoStepParityTest {
  private static final double LOG_PROB_TOLERANCE = 1e-4;
  private static final double GRADIENT_TOLERANCE = 5e-5;
  private static final double METRIC_TOLERANCE = 1e-4;
  private static final double PARAMETER_TOLERANCE = 3e-4;

  @TestFactory
  Stream<DynamicTest> updatesFollowTheReference() {
    List<Path> models =
        Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl").stream()
            .filter(model -> Files.exists(Golden.cases(model).resolve("11_grpo_step.json")))
            .toList();
    if (Golden.isBundled()) {
      assertThat(models).isNotEmpty();
    }
    return models.stream()
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.getFileName().toString(), () -> new Run(model).check()));
  }

  /** The case of one model. */
  private static final class Run {
    private final Path model;
    private final JsonNode meta;
    private final GoldenTensors golden;
    private final int width;
    private final boolean[] counted;
    private final List<TokenIds> completions = new ArrayList<>();

    Run(Path model) {
      this.model = model;
      this.meta = Golden.json(Golden.cases(model).resolve("11_grpo_step.json"));
      this.golden = Golden.tensors(Golden.cases(model).resolve("11_grpo_step.safetensors"));
      this.width = (int) golden.shape("completion_ids")[1];
      this.counted = new boolean[(int) golden.shape("completion_ids")[0]];
      int[] ids = golden.ints("completion_ids");
      int[] mask = golden.ints("completion_mask");
      for (int i = 0; i < counted.length; i++) {
        int length = Arrays.stream(mask, i * width, (i + 1) * width).sum();
        counted[i] = length > 0;
        int end = counted[i] ? length : width;
        completions.add(TokenIds.of(Arrays.copyOfRange(ids, i * width, i * width + end)));
      }
    }

    void check() {
      QwenConfig config =
          QwenConfigReader.read(Golden.json(model.resolve("config.json")), "config.json");
      TorchRuntime.setIntraOpThreads(1);
      try (TorchRuntime runtime = TorchRuntime.open();
          FrozenWeights frozen = FrozenWeights.open();
          SavedAdapter saved = SavedAdapter.open(Golden.cases(model).resolve("10_lora"));
          WeightFiles files = WeightFiles.open(ModelDirectory.open(model).weightFiles());
          QwenNetwork network =
              new QwenNetwork(
                  config,
                  runtime,
                  files,
                  new Weights(runtime, files, WeightTypes.F32, Optional.of(saved), frozen),
                  WeightTypes.F32,
                  0)) {
        LoraAdapter adapter = network.adapter().orElseThrow();
        QwenScorer scorer = new QwenScorer(runtime, network, TokenIds.of());
        PackedGroup group = new PackedGroup(Prompt.of(config, prompt()), completions);
        double temperature = meta.at("/grpo/temperature").asDouble();
        double[][] old = scorer.logProbs(group, temperature);
        adapter.use(AdapterMode.DISABLED);
        double[][] reference = scorer.logProbs(group, temperature);
        adapter.use(AdapterMode.ACTIVE);
        compare(old, "old_per_token_logps");
        compare(reference, "ref_per_token_logps");
        update(
            TrainableWeights.of(runtime, adapter),
            loss(old, reference),
            (objective, weights, sums) ->
                scorer.accumulate(
                    group, temperature, objective, weights.layout(), weights.leaves(), sums));
      }
    }

    private EncodedPrompt prompt() {
      GoldenTensors vision = Golden.tensors(Golden.cases(model).resolve("05_vision.safetensors"));
      int[] ids = golden.ints("input_ids");
      int[] grids = golden.ints("image_grid_thw");
      List<ImageGrid> images = new ArrayList<>();
      for (int i = 0; i < grids.length / counted.length; i += 3) {
        images.add(new ImageGrid(grids[i], grids[i + 1], grids[i + 2]));
      }
      return new EncodedPrompt(
          TokenIds.of(Arrays.copyOf(ids, meta.get("prompt_length").asInt())),
          vision.floats("three_images.pixel_values"),
          images);
    }

    private PolicyLoss loss(double[][] old, double[][] reference) {
      JsonNode options = meta.get("grpo");
      double[] rewards = doubles(golden.floats("rewards"));
      Advantages advantages =
          AdvantageEstimator.estimate(
                  new double[][] {rewards},
                  ScaleRewards.valueOf(
                      options.get("scale_rewards").asText().toUpperCase(Locale.ROOT)))
              .groups()
              .get(0);
      float[] expected = golden.floats("advantages");
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < rewards.length; i++) {
        assertThat(advantages.at(i))
            .isCloseTo(expected[i], within(1e-4 * Math.abs(expected[i]) + 1e-5));
        answers.add(
            new Answer(
                advantages.at(i),
                old[i],
                reference[i],
                counted[i] ? Answer.Mask.COUNTED : Answer.Mask.LEFT_OUT));
      }
      Objective objective =
          Objectives.of(
              "loss-type=" + options.get("loss_type").asText(),
              "epsilon=" + options.get("epsilon_low").asText(),
              "epsilon-high=" + options.get("epsilon_high").asText(),
              "beta=" + options.get("beta").asText(),
              "use-bias-correction-kl=false",
              "kl-clip-max=0",
              "mask-truncated-completions=true");
      return new PolicyLoss(
          objective,
          UpdateScope.of(
              new LossDenominators(rewards.length, golden.ints("num_items_in_batch")[0], width)),
          answers);
    }

    private void update(TrainableWeights weights, PolicyLoss loss, Differentiation network) {
      JsonNode options = meta.get("adamw");
      AdamW adam =
          new AdamW(
              weights.layout(),
              options.get("betas").get(0).asDouble(),
              options.get("betas").get(1).asDouble(),
              options.get("eps").asDouble(),
              options.get("weight_decay").asDouble());
      int steps = meta.get("steps").size();
      PolicyOptimizer optimizer =
          new PolicyOptimizer(
              adam,
              new LearningRateSchedule(SchedulerType.CONSTANT, steps, 0, 0.5, 0),
              options.get("lr").asDouble(),
              options.get("max_norm").asDouble());
      PolicyState policy = PolicyState.of(0, weights.values());
      OptimizerState state = OptimizerState.zero(weights.layout().size());
      for (int step = 0; step < steps; step++) {
        JsonNode expected = meta.get("steps").get(step);
        String name = "step" + step;
        float[] gradient = new float[weights.layout().size()];
        ObjectiveSums[] sums = new ObjectiveSums[1];
        network.accumulate(
            (logProbs, entropies) -> {
              compare(logProbs, name + ".logps");
              LossEvaluation evaluation = loss.evaluate(logProbs, entropies);
              sums[0] = evaluation.sums();
              return evaluation.gradient();
            },
            weights,
            gradient);
        checkMetrics(sums[0], expected);
        PolicyOptimizer.Update update =
            optimizer.update(policy, state, FloatVector.wrap(gradient), 1, step);
        double norm = expected.get("norm_before_clipping").asDouble();
        assertThat(update.gradNorm()).isCloseTo(norm, within(METRIC_TOLERANCE * norm));
        double clip = Math.min(1, options.get("max_norm").asDouble() / (update.gradNorm() + 1e-6));
        compareGradient(weights.layout(), gradient, clip, name + ".clipped_grad.");
        PolicyOptimizer.Update.Applied applied = (PolicyOptimizer.Update.Applied) update;
        policy = applied.policy();
        state = applied.state();
        weights.set(policy.parameters().array());
      }
      compareParameters(weights.layout(), policy.parameters().array());
    }

    private static void checkMetrics(ObjectiveSums sums, JsonNode step) {
      JsonNode metrics = step.get("metrics");
      close(sums.loss(), step.get("loss"), "loss");
      close(sums.meanKl(), metrics.get("kl"), "kl");
      close(sums.meanEntropy(), metrics.get("entropy"), "entropy");
      close(sums.clips().meanLow(), metrics.get("clip_ratio/low_mean"), "low");
      close(sums.clips().meanHigh(), metrics.get("clip_ratio/high_mean"), "high");
    }

    private static void close(double actual, JsonNode expected, String what) {
      assertThat(actual).as(what).isCloseTo(expected.asDouble(), within(METRIC_TOLERANCE));
    }

    private void compare(double[][] logProbs, String name) {
      float[] expected = golden.floats(name);
      for (int i = 0; i < counted.length; i++) {
        for (int t = 0; counted[i] && t < logProbs[i].length; t++) {
          assertThat(logProbs[i][t])
              .as("%s, completion %d, token %d", name, i, t)
              .isCloseTo(expected[i * width + t], within(LOG_PROB_TOLERANCE));
        }
      }
    }

    private void compareGradient(
        ParameterLayout layout, float[] gradient, double factor, String prefix) {
      for (ParameterLayout.Parameter parameter : layout.parameters()) {
        if (golden.has(prefix + parameter.name())) {
          float[] expected = golden.floats(prefix + parameter.name());
          double largest = 0;
          for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
          }
          for (int i = 0; i < expected.length; i++) {
            assertThat(factor * gradient[parameter.offset() + i])
                .as(prefix + parameter.name())
                .isCloseTo(expected[i], within(GRADIENT_TOLERANCE * largest));
          }
        }
      }
    }

    private void compareParameters(ParameterLayout layout, float[] parameters) {
      int compared = 0;
      for (ParameterLayout.Parameter parameter : layout.parameters()) {
        if (golden.has("final." + parameter.name())) {
          float[] expected = golden.floats("final." + parameter.name());
          for (int i = 0; i < expected.length; i++) {
            assertThat(parameters[parameter.offset() + i])
                .as(parameter.name())
                .isCloseTo(expected[i], within((float) PARAMETER_TOLERANCE));
          }
          compared++;
        }
      }
      assertThat(compared).isPositive();
    }

    private static double[] doubles(float[] values) {
      double[] wide = new double[values.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = values[i];
      }
      return wide;
    }
  }

  private interface Differentiation {
    void accumulate(TokenObjective objective, TrainableWeights weights, float[] sums);
  }
}
