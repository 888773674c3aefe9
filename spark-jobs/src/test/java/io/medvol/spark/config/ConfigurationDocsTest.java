package io.medvol.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.config.ConfigReference;
import io.medvol.reward.RewardConfig;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationDocsTest {
  @Test
  void referenceIsWhatTheCommandPrints() throws IOException {
    assertThat(Files.readString(Golden.projectRoot().resolve("docs/config.md")))
        .as("docs/config.md; renew it with ./medvol config docs > docs/config.md")
        .isEqualTo(ConfigReference.markdown(MedVolConfig.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conf/quickstart.yaml",
        "conf/pretrain.yaml",
        "conf/ablation.yaml",
        "conf/cluster.yaml",
        "conf/med-r1.yaml",
        "conf/medvol-r1-ctorg.yaml",
        "conf/medvol-r1-kits23.yaml"
      })
  void presetsAreValid(String preset) {
    Path file = Golden.projectRoot().resolve(preset);
    assertThat(ConfigLoader.of(MedVolConfig.class).withFile(file).load().digest()).isNotEmpty();
  }

  @Test
  void presetsOfADataSetHaveItsPublishedWeights() {
    assertThat(weights("conf/medvol-r1-ctorg.yaml")).isEqualTo(RewardConfig.ctorgWeights());
    assertThat(weights("conf/medvol-r1-kits23.yaml")).isEqualTo(RewardConfig.kits23Weights());
  }

  private static Map<String, Double> weights(String preset) {
    Path file = Golden.projectRoot().resolve(preset);
    Map<String, Double> weights =
        new HashMap<>(
            ConfigLoader.of(MedVolConfig.class).withFile(file).load().value().rewards().weights());
    weights.values().removeIf(weight -> weight == 0);
    return weights;
  }
}
