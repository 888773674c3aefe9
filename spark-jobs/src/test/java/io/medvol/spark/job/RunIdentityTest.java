package io.medvol.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.shard.SampleSelection;
import io.medvol.grpo.config.PeftConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.reward.RewardConfig;
import io.medvol.rollout.prompt.DemonstrationConfig;
import io.medvol.spark.config.PolicyConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunIdentityTest {
  @Test
  void aRunThatStoppedForFailedSamplesGoesOnWithAHigherShare() {
    assertThat(identity("max-failed-share=0.9")).isEqualTo(identity("max-failed-share=0.1"));
  }

  @Test
  void whatMovesAResultMakesAnotherRun() {
    assertThat(identity("seed=1")).isNotEqualTo(identity("seed=2"));
  }

  private static String identity(String setting) {
    SftConfig sft = ConfigLoader.of(SftConfig.class).withSettings(List.of(setting)).load().value();
    return new RunIdentity(
            "sft",
            sft,
            RewardConfig.defaults(),
            DemonstrationConfig.defaults(),
            PropagatorIdentity.of(PropagatorConfig.defaults()),
            SampleSelection.defaults(),
            PolicyConfig.defaults(),
            PeftConfig.defaults(),
            "data")
        .digest(SchedulerType.COSINE);
  }
}
