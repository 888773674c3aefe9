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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QwenConfigReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /model_type                                | "llava"                    | model_type is "llava"
          /text_config                               | 7                          | no object text_config
          /text_config/hidden_size                   | 0                          | hidden_size is 0
          /text_config/hidden_size                   | 1e99                       | hidden_size is 1.0E99
          /text_config/num_hidden_layers             | -1                         | num_hidden_layers is -1
          /text_config/num_attention_heads           | "4"                        | num_attention_heads is "4"
          /text_config/num_key_value_heads           | 3                          | do not share 3 key heads
          /text_config/head_dim                      | 31                         | head_dim 31 is odd
          /text_config/vocab_size                    | 99999999999                | vocab_size is 99999999999
          /text_config/hidden_act                    | "gelu"                     | hidden_act is "gelu"
          /text_config/rms_norm_eps                  | 0                          | rms_norm_eps is 0
          /text_config/rope_theta                    | null                       | rope_theta is null
          /text_config/rope_scaling                  | {}                         | mrope_section is
          /text_config/rope_scaling/mrope_section    | [1,2,3]                    | add up to head_dim / 2
          /text_config/rope_scaling/rope_type        | "yarn"                     | rope_type is "yarn"
          /vision_config/num_heads                   | 3                          | heads a multiple of 4
          /vision_config/num_position_embeddings     | 35                         | expected a square number
          /vision_config/deepstack_visual_indexes    | [0,0]                      | different block numbers
          /vision_config/deepstack_visual_indexes    | [99]                       | different block numbers
          /vision_config/out_hidden_size             | 5                          | out_hidden_size is 5
          /vision_config/hidden_act                  | "silu"                     | hidden_act is "silu"
          /image_token_id                            | 99999999                   | image_token_id is 99999999
          /vision_start_token_id                     | -1                         | vision_start_token_id is -1
          """)
  void refusesWhatItCannotCompute(String pointer, String value, String message)
      throws JsonProcessingException {
    ObjectNode config = config();
    int slash = pointer.lastIndexOf('/');
    ((ObjectNode) config.at(pointer.substring(0, slash)))
        .set(pointer.substring(slash + 1), JSON.readTree(value));
    assertThatThrownBy(() -> QwenConfigReader.read(config, "models/a/config.json"))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("models/a/config.json")
        .hasMessageContaining(message);
  }

  @Test
  void frequenciesTakeTurnsOrStandInBlocks() {
    List<Integer> sections = List.of(3, 2, 1);
    int[] turns = new int[6];
    int[] blocks = new int[6];
    for (int f = 0; f < 6; f++) {
      turns[f] = FrequencyOrder.INTERLEAVED.axis(f, sections);
      blocks[f] = FrequencyOrder.SECTIONED.axis(f, sections);
    }
    assertThat(turns).containsExactly(0, 1, 2, 0, 1, 0);
    assertThat(blocks).containsExactly(0, 0, 0, 1, 1, 2);
  }

  static ObjectNode config() {
    JsonNode config = Golden.json(Golden.models("qwen3_vl").get(0).resolve("config.json"));
    return config.deepCopy();
  }
}
