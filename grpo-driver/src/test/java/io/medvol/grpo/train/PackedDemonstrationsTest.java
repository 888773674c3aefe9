package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.VrsSample;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.QwenPolicy;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.LetterScorer;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.worker.PolicyStepWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Demonstrations about one scan in one row, with a real Qwen3-VL. */
class PackedDemonstrationsTest {
  /** Two about one scan, one about another that looks the same, with texts of unequal lengths. */
  private static final List<VrsSample> SAMPLES =
      List.of(
          TinyVolumes.sample("s-1", "v-1", "left kidney"),
          TinyVolumes.sample("s-2", "v-1", "liver"),
          TinyVolumes.sample("s-3", "v-1", "organ that nobody has ever heard of"),
          TinyVolumes.absent("s-4"));

  @TempDir Path folder;

  @Test
  void packedRowsHaveTheLossAndTheGradientOfSeparateSequences() throws IOException {
    ModelDirectory model =
        TinyQwen3Vl.write(
            TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), folder);
    GradientSum separate = demonstrate(model, 1);
    for (int microBatch : List.of(2, 4)) {
      GradientSum packed = demonstrate(model, microBatch);
      assertThat(packed.sums().tokens()).isEqualTo(separate.sums().tokens());
      assertThat(packed.sums().loss())
          .isCloseTo(separate.sums().loss(), within(1e-5 * separate.sums().loss()));
      assertThat(distance(packed, separate)).as("micro-batch " + microBatch).isLessThan(1e-4);
    }
  }

  private static GradientSum demonstrate(ModelDirectory model, int microBatch) {
    QwenPolicy policy = QwenPolicy.load(model, TrainableParameters.ALL);
    PolicyState state = PolicyState.of(0, policy.parameters());
    assertThat(policy.layout().parameters())
        .extracting(ParameterLayout.Parameter::name)
        .anyMatch(name -> name.contains("visual"));
    try (StepWorkers workers =
        new LocalStepWorkers(
            new PolicyStepWorker(
                policy,
                new LocalisationTask(
                    new TinyVolumes(),
                    new SlicePromptBuilder(WindowedSlices.softTissue()),
                    new LetterScorer(LetterScorer.Rule.NOISE),
                    new BoxPropagator()),
                microBatch),
            1)) {
      return workers.demonstrate(state, SAMPLES);
    }
  }

  /** Of the gradients, relative to the length of the second. */
  private static double distance(GradientSum first, GradientSum second) {
    float[] a = first.gradient().array();
    float[] b = second.gradient().array();
    double apart = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      apart += (a[i] - b[i]) * (double) (a[i] - b[i]);
      length += b[i] * (double) b[i];
    }
    assertThat(length).isPositive();
    return Math.sqrt(apart / length);
  }
}
