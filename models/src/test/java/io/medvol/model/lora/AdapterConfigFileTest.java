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
import org.junit.jupiter.params.provider.ValueSource;

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
          {"peft_type":"LORA","bias":"lora_only"}                    | bias is "lora_only"
          {"peft_type":"LORA","alpha_pattern":{"q":2}}               | alpha_pattern is {"q":2}
          {"peft_type":"LORA","layer_replication":[[0,2]]}           | layer_replication is [[0,2]]
          {"peft_type":"LORA","fan_in_fan_out":true}                 | fan_in_fan_out is true
          {"peft_type":"LORA","exclude_modules":["q"]}               | exclude_modules is ["q"]
          {"peft_type":"LORA","exclude_modules":"q.*"}               | exclude_modules is "q.*"
          {"peft_type":"LORA","trainable_token_indices":[1]}         | trainable_token_indices is [1]
          {"peft_type":"LORA","lora_bias":true}                      | lora_bias is true
          {"peft_type":"LORA","target_parameters":["w"]}             | target_parameters is ["w"]
          {"peft_type":"LORA","layers_to_transform":0}               | layers_to_transform is 0
          {"peft_type":"LORA","layers_pattern":"h"}                  | layers_pattern is "h"
          {"peft_type":"LORA","use_qalora":true}                     | use_qalora is true
          {"peft_type":"LORA","use_bdlora":{"nblocks":2}}            | use_bdlora is {"nblocks":2}
          {"peft_type":"LORA","alora_invocation_tokens":[1]}         | alora_invocation_tokens is [1]
          {"peft_type":"LORA","arrow_config":{"top_k":3}}            | arrow_config is {"top_k":3}
          {"peft_type":"LORA","kasa_config":{"beta":1}}              | kasa_config is {"beta":1}
          {"peft_type":"LORA","monteclora_config":{"n":1}}           | monteclora_config is {"n":1}
          {"peft_type":"LORA","a_setting_of_tomorrow":3}             | a_setting_of_tomorrow is 3
          {"peft_type":"LORA","use_rslora":"yes"}                    | use_rslora is "yes"
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

  /** peft takes these out of the weights of the base, which the published base still has. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pissa",
        "pissa_niter_16",
        "olora",
        "OLoRA",
        "loftq",
        "corda",
        "lora_ga",
        "a_start_of_tomorrow"
      })
  void refusesAnAdapterThatWasMadeWithAnotherBase(String start) {
    assertThatThrownBy(() -> read(started("\"" + start + "\"")))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContainingAll(
            "init_lora_weights is \"" + start + "\"",
            "path_initial_model_for_weight_conversion",
            "merge_and_unload");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"true", "false", "null", "\"gaussian\"", "\"eva\"", "\"orthogonal\"", "\"mica\""})
  void takesAnAdapterThatLeftItsBaseAlone(String start) throws IOException {
    assertThat(read(started(start)).rank()).isEqualTo(2);
  }

  private static String started(String start) {
    return "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":1,\"target_modules\":[\"a\"],"
        + "\"init_lora_weights\":"
        + start
        + "}";
  }

  @Test
  void settingsOfTrainingAloneAreNoHindrance() throws IOException {
    String json =
        """
        {"peft_type":"LORA","r":2,"lora_alpha":1,"target_modules":["a"],"task_type":"CAUSAL_LM",
         "lora_dropout":0.05,"inference_mode":true,"auto_mapping":{"base_model_class":"Q"},
         "base_model_name_or_path":"q","revision":"main","peft_version":"0.18","bias":"none",
         "megatron_core":"megatron.core","megatron_config":null,"loftq_config":{},
         "eva_config":{"rho":2.0},"velora_config":{"num_groups":1},"qalora_group_size":16,
         "ensure_weight_tying":false,"use_dora":false,"rank_pattern":{},"modules_to_save":null}
        """;
    assertThat(read(json).scale()).isCloseTo(0.5, within(1e-12));
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
