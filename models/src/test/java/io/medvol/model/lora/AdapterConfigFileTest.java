package io.medvol.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterConfigFileTest {
  private static final String QUERY = "model.language_model.layers.11.self_attn.q_proj";
  private static final String VISION = "model.visual.blocks.1.attn.qkv";

  @TempDir Path folder;

  private LoraConfig read(String json) throws IOException {
    return AdapterConfigFile.read(Files.writeString(folder.resolve("adapter_config.json"), json));
  }

  private TargetModules targets(String json) throws IOException {
    return read("{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":8,\"target_modules\":" + json + "}")
        .targets();
  }

  @Test
  void targetsAreSuffixesOrOneExpressionOrAllLinearModules() throws IOException {
    TargetModules suffixes = targets("[\"q_proj\", \"attn.qkv\"]");
    assertThat(suffixes.matches(QUERY)).isTrue();
    assertThat(suffixes.matches(VISION)).isTrue();
    assertThat(suffixes.matches("q_proj")).isTrue();
    assertThat(suffixes.matches("model.not_q_proj")).isFalse();
    assertThat(suffixes.matches(QUERY + ".base_layer")).isFalse();

    TargetModules expression = targets("\".*language_model.*\\\\.(q_proj|v_proj)\"");
    assertThat(expression.matches(QUERY)).isTrue();
    assertThat(expression.matches("x." + QUERY + "2")).isFalse();
    assertThat(expression.matches(VISION)).isFalse();

    TargetModules all = targets("\"all-linear\"");
    assertThat(all.matches(QUERY)).isTrue();
    assertThat(all.matches(VISION)).isTrue();
    assertThat(all.matches("lm_head")).isFalse();
  }

  @Test
  void theScaleIsAlphaByTheRankOrItsRoot() throws IOException {
    String rest = "\"peft_type\":\"LORA\",\"r\":16,\"lora_alpha\":8,\"target_modules\":[\"a\"]}";
    assertThat(read("{" + rest).scale()).isCloseTo(0.5, within(1e-12));
    assertThat(read("{\"use_rslora\":true," + rest).scale()).isCloseTo(2, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                          | is not JSON
          []                                                         | holds no JSON object
          {"peft_type":"IA3"}                                        | peft_type is "IA3"
          {"peft_type":"LORA","use_dora":true}                       | use_dora is true
          {"peft_type":"LORA","rank_pattern":{"q":2}}                | rank_pattern is {"q":2}
          {"peft_type":"LORA","modules_to_save":["lm_head"]}         | modules_to_save is
          {"peft_type":"LORA","bias":"all"}                          | bias is "all"
          {"peft_type":"LORA","r":0,"lora_alpha":1}                  | r is 0
          {"peft_type":"LORA","r":2,"lora_alpha":-1}                 | lora_alpha -1
          {"peft_type":"LORA","r":2,"lora_alpha":1}                  | target_modules is
          {"peft_type":"LORA","r":2,"lora_alpha":1,"target_modules":"("} | not a regular expression
          """)
  void refusesWhatWouldComputeSomethingElse(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SavedAdapter.open(folder.resolve("none")))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("none/adapter_config.json");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (LoraConfig config :
        List.of(
            new LoraConfig(8, 16, new TargetModules.Suffixes(List.of("q_proj", "v_proj"))),
            new LoraConfig(2, 3.5, new TargetModules.AllLinear(), LoraScaling.RANK_STABILISED))) {
      Path file = folder.resolve("adapter_config.json");
      try (OutputStream out = Files.newOutputStream(file)) {
        AdapterConfigFile.write(config, "models/base", out);
      }
      assertThat(AdapterConfigFile.read(file)).isEqualTo(config);
    }
    Path file = folder.resolve("expression.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      AdapterConfigFile.write(
          new LoraConfig(1, 1, TargetModules.Expression.of(".*\\.q_proj")), "base", out);
    }
    assertThat(AdapterConfigFile.read(file).targets().matches(QUERY)).isTrue();
  }
}
