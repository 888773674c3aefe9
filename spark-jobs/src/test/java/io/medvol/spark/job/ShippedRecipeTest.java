package io.medvol.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.config.ConfigLoader;
import io.medvol.model.tiny.PolicyBundle;
import io.medvol.spark.config.MedVolConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShippedRecipeTest {
  @Test
  void theShippedPolicyWasMadeByTheSettingsPretrainStartsFrom() {
    Path preset = Path.of(System.getProperty("medvol.root", ".."), "conf", "pretrain.yaml");
    MedVolConfig config = ConfigLoader.of(MedVolConfig.class).withFile(preset).load().value();
    assertThat(PretrainJob.Recipe.of(config)).isEqualTo(PolicyBundle.shippedRecipe());
  }
}
