package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configurations of Qwen2-VL and Qwen2.5-VL, with the decoder's settings at the top level. */
class FlatConfigReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          qwen2_vl   | /use_sliding_window                  | true     | use_sliding_window is true
          qwen2_vl   | /num_key_value_heads                 | 3        | do not share 3 key heads
          qwen2_vl   | /rope_scaling/type                   | "linear" | rope_type is "linear"
          qwen2_vl   | /vision_config/mlp_ratio             | 0        | mlp_ratio is 0
          qwen2_vl   | /vision_config/embed_dim             | null     | embed_dim is null
          qwen2_vl   | /vision_config/hidden_size           | 5        | vision_config.hidden_size is 5
          qwen2_vl   | /vision_config/hidden_act            | "silu"   | expected "quick_gelu"
          qwen2_5_vl | /vision_config/hidden_act            | "gelu"   | expected "silu"
          qwen2_5_vl | /vision_config/window_size           | 7        | one merged patch of 28
          qwen2_5_vl | /vision_config/fullatt_block_indexes | [1,1]    | different block numbers
          qwen2_5_vl | /vision_config/tokens_per_second     | -1       | tokens_per_second is -1
          qwen2_5_vl | /vision_config/out_hidden_size       | 8        | out_hidden_size is 8
          """)
  void refusesWhatItCannotCompute(String type, String pointer, String value, String message)
      throws JsonProcessingException {
    ObjectNode config = config(type);
    int slash = pointer.lastIndexOf('/');
    JsonNode holder = slash == 0 ? config : config.at(pointer.substring(0, slash));
    ((ObjectNode) holder).set(pointer.substring(slash + 1), JSON.readTree(value));
    assertThatThrownBy(() -> QwenConfigReader.read(config, "models/a/config.json"))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("models/a/config.json")
        .hasMessageContaining(message);
  }

  @Test
  void theActivationOfTheTowerIsTheOneNamed() {
    ObjectNode config = config("qwen2_vl");
    assertThat(activation(config)).isEqualTo(Activation.QUICK_GELU);
    ((ObjectNode) config.get("vision_config")).put("hidden_act", "gelu");
    assertThat(activation(config)).isEqualTo(Activation.GELU);
  }

  private static Activation activation(ObjectNode config) {
    return QwenConfigReader.read(config, "config.json").vision().activation();
  }

  private static ObjectNode config(String type) {
    JsonNode config = Golden.json(Golden.models(type).get(0).resolve("config.json"));
    return config.deepCopy();
  }
}
