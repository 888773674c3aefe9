package io.medvol.grpo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.error.MedVolException;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.LoraScaling;
import io.medvol.model.lora.TargetModules;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeftConfigTest {
  private static PeftConfig load(String yaml) {
    return ConfigLoader.of(PeftConfig.class).withYaml("peft.yaml", yaml).load().value();
  }

  @Test
  void withoutItNoAdapterIsTrained() {
    assertThat(ConfigLoader.of(PeftConfig.class).load().value().adapter()).isEmpty();
  }

  @Test
  void keysAreThoseOfPeft() {
    LoraConfig config =
        load("{use: lora, r: 4, lora-alpha: 16, target-modules: [q_proj, mlp.up_proj],"
                + " use-rslora: true}")
            .adapter()
            .orElseThrow();
    assertThat(config)
        .isEqualTo(
            new LoraConfig(
                4,
                16,
                new TargetModules.Suffixes(List.of("q_proj", "mlp.up_proj")),
                LoraScaling.RANK_STABILISED));
  }

  @Test
  void oneTextIsAnExpressionOrAllLinear() {
    TargetModules expression =
        load("{use: lora, target-modules: '.*language_model.*(q|v)_proj'}")
            .adapter()
            .orElseThrow()
            .targets();
    assertThat(expression.matches("model.language_model.layers.0.self_attn.v_proj")).isTrue();
    assertThat(expression.matches("model.language_model.layers.0.self_attn.k_proj")).isFalse();
    assertThat(load("{use: lora, target-modules: all-linear}").adapter().orElseThrow().targets())
        .isEqualTo(new TargetModules.AllLinear());
  }

  @Test
  void whatAnAdapterSaysOfItselfIsThatConfiguration() {
    PeftConfig config = load("{use: lora, r: 3, target-modules: [v_proj, q_proj]}");
    assertThat(PeftConfig.of(config.adapter().orElseThrow()))
        .isEqualTo(load("{use: lora, r: 3, target-modules: [q_proj, v_proj]}"));
  }

  @Test
  void whatCannotBeIsNamed() {
    assertThatThrownBy(
            () -> load("{use: lora, r: 0, lora-dropout: 0.1, target-modules: '(unclosed'}"))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("3 problems")
        .hasMessageContaining("lora-dropout")
        .hasMessageContaining("is 0.1; allowed: 0")
        .hasMessageContaining("target-modules");
  }
}
