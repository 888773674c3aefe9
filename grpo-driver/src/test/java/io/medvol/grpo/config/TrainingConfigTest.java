package io.medvol.grpo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.advantage.ScaleRewards;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.objective.LossType;
import io.medvol.rollout.objective.RatioLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingConfigTest {
  @Test
  void defaultsAreThoseOfAnEmptyFile() {
    assertThat(ConfigLoader.of(GrpoConfig.class).load().value()).isEqualTo(GrpoConfig.defaults());
    assertThat(ConfigLoader.of(SftConfig.class).load().value()).isEqualTo(SftConfig.defaults());
  }

  @Test
  void keysAreThoseOfTrlInKebabCase() {
    GrpoConfig config =
        ConfigLoader.of(GrpoConfig.class)
            .withYaml(
                "grpo.yaml",
                """
                steps: 3
                num-generations: 4
                num-iterations: 2
                scale-rewards: none
                sampling:
                  temperature: 0.7
                  max-completion-length: 32
                  min-new-tokens: 2
                  top-p: 0.9
                  top-k: 50
                  min-p: 0.05
                  repetition-penalty: 1.1
                  stop-strings: ["</answer>"]
                objective:
                  loss-type: dr-grpo
                  importance-sampling-level: sequence
                  epsilon: 3e-4
                  epsilon-high: 4e-4
                  delta: 2
                  beta: 0.04
                  use-bias-correction-kl: true
                  mask-truncated-completions: true
                optimizer:
                  learning-rate: 1e-5
                  lr-scheduler-type: cosine-with-min-lr
                  warmup-steps: 5
                  weight-decay: 0.1
                  max-grad-norm: 0.5
                """)
            .load()
            .value();
    assertThat(config.numGenerations()).isEqualTo(4);
    assertThat(config.scaleRewards()).isEqualTo(ScaleRewards.NONE);
    assertThat(config.objective().objective().lossType()).isEqualTo(LossType.DR_GRPO);
    assertThat(config.objective().objective().ratioLevel()).isEqualTo(RatioLevel.SEQUENCE);
    assertThat(config.objective().objective().clipping().epsilonHigh()).isEqualTo(4e-4);
    assertThat(config.objective().objective().clipping().delta()).isEqualTo(2);
    assertThat(config.objective().objective().needsReference()).isTrue();
    assertThat(config.optimizer().lrSchedulerType()).isEqualTo(SchedulerType.COSINE_WITH_MIN_LR);
    assertThat(config.sampling().params())
        .isEqualTo(new SamplingParams(0.7, 32, 0.9, 50, 0.05, 1.1, 2, List.of("</answer>")));
  }

  @Test
  void absentUpperBoundIsEpsilon() {
    assertThat(GrpoConfig.defaults().objective().objective().clipping().epsilonHigh())
        .isEqualTo(0.2);
    assertThat(GrpoConfig.defaults().objective().objective().clipping().delta()).isInfinite();
  }

  @Test
  void valuesOutOfBoundsAreAllNamed() {
    assertThatThrownBy(
            () ->
                ConfigLoader.of(GrpoConfig.class)
                    .withSettings(
                        List.of(
                            "num-generations=1",
                            "sampling.temperature=0",
                            "sampling.top-p=0",
                            "sampling.min-new-tokens=300",
                            "sampling.stop-strings=['']",
                            "objective.epsilon=1",
                            "optimizer.adam-beta2=1",
                            "max-failed-share=2"))
                    .load())
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("8 problems")
        .hasMessageContaining("is 1; allowed: at least 2")
        .hasMessageContaining("sampling.temperature")
        .hasMessageContaining("allowed: above 0 to 1")
        .hasMessageContaining("is 300; allowed: between 0 and 256")
        .hasMessageContaining("sampling.stop-strings")
        .hasMessageContaining("objective.epsilon")
        .hasMessageContaining("optimizer.adam-beta2")
        .hasMessageContaining("is 2; allowed: between 0 and 1");
  }

  @Test
  void vespoIsRefusedWithOneWeightForAnAnswer() {
    List<String> vespo = List.of("objective.loss-type=vespo", "overlap-rollouts=true");
    assertThatThrownBy(() -> ConfigLoader.of(GrpoConfig.class).withSettings(vespo).load())
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("objective.importance-sampling-mode")
        .hasMessageContaining("objective.loss-type is vespo");
    List<String> byToken = new ArrayList<>(vespo);
    byToken.add("objective.importance-sampling-mode=token-mask");
    assertThat(ConfigLoader.of(GrpoConfig.class).withSettings(byToken).load().value()).isNotNull();
  }

  @Test
  void divergenceInTheRewardReadsTheLogProbabilitiesOfTheDraw() {
    GrpoConfig config =
        ConfigLoader.of(GrpoConfig.class)
            .withSettings(List.of("objective.beta=0.1", "objective.kl-in-reward=true"))
            .load()
            .value();
    assertThat(config.readsOldLogProbs()).isTrue();
    assertThat(GrpoConfig.defaults().readsOldLogProbs()).isFalse();
  }

  @Test
  void stepsFitTheDataAndNoOtherSettingMoves() {
    GrpoConfig config = load("prompts-per-step=8", "steps-per-generation=4");
    assertThat(config.fitting(2)).isEqualTo(load("prompts-per-step=2", "steps-per-generation=2"));
    assertThat(config.fitting(8)).isEqualTo(config);
    assertThat(SftConfig.defaults().fitting(3).promptsPerStep()).isEqualTo(3);
    assertThat(SftConfig.defaults().fitting(1000)).isEqualTo(SftConfig.defaults());
  }

  @Test
  void combinationsThatAreSeldomMeantAreWarnedOf() {
    assertThat(GrpoConfig.defaults().warnings()).isEmpty();
    assertThat(load("objective.loss-type=cispo").warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning).contains("epsilon-high", "0.2"));
    assertThat(load("objective.loss-type=cispo", "objective.epsilon-high=5").warnings()).isEmpty();
    for (String loss : List.of("bnpo", "dr-grpo", "dapo")) {
      assertThat(
              load("objective.loss-type=" + loss, "objective.importance-sampling-level=sequence")
                  .warnings())
          .singleElement()
          .satisfies(warning -> assertThat(warning).contains(loss, "loss-type grpo for GSPO"));
    }
    assertThat(
            load("objective.loss-type=grpo", "objective.importance-sampling-level=sequence")
                .warnings())
        .isEmpty();
    assertThat(load("objective.loss-type=luspo").warnings()).hasSize(1);
  }

  private static GrpoConfig load(String... settings) {
    return ConfigLoader.of(GrpoConfig.class).withSettings(List.of(settings)).load().value();
  }
}
