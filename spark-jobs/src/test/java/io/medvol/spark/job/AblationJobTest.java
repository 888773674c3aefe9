package io.medvol.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.config.ConfigLoader;
import io.medvol.spark.config.MedVolConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AblationJobTest {
  private static String taught(String... settings) {
    return AblationJob.taught(
        ConfigLoader.of(MedVolConfig.class).withSettings(List.of(settings)).load().value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "samples.part=train",
        "choice.response-form=answer-only",
        "rewards.response-form=answer-only",
        "sft.seed=9",
        "demonstrations.margin=1"
      })
  void variantsThatAreTaughtOtherwiseHaveColdStartsOfTheirOwn(String setting) {
    assertThat(taught(setting)).isNotEqualTo(taught());
  }

  @Test
  void variantsThatDifferInGrpoAloneShareOne() {
    assertThat(taught("rewards.weights.axial=0", "choice.weights.format=0", "grpo.seed=9"))
        .isEqualTo(taught());
  }
}
