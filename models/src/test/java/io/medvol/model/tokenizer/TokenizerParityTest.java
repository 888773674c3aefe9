package io.medvol.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.TokenIds;
import io.medvol.testing.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class TokenizerParityTest {
  @TestFactory
  Stream<DynamicTest> idsAndTextsEqualTheReference() {
    return Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl").stream()
        .filter(model -> Files.exists(cases(model)))
        .map(model -> DynamicTest.dynamicTest(model.getFileName().toString(), () -> check(model)));
  }

  private static Path cases(Path model) {
    return Golden.cases(model).resolve("01_tokenizer.json");
  }

  private static void check(Path model) {
    JsonNode golden = Golden.json(cases(model));
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(ModelDirectory.open(model))) {
      JsonNode named = golden.has("ids") ? golden.get("ids") : golden.get("special_ids");
      assertThat(named).isNotEmpty();
      named
          .fields()
          .forEachRemaining(
              one ->
                  assertThat(tokenizer.find(one.getKey()))
                      .as(one.getKey())
                      .hasValue(one.getValue().asInt()));
      List<String> texts = new ArrayList<>();
      for (JsonNode one : golden.get("cases")) {
        String text = one.get("text").asText();
        texts.add(text);
        TokenIds ids = tokenizer.encode(text);
        assertThat(ids).as(text).isEqualTo(ids(one.get("ids")));
        assertThat(tokenizer.decodeWithSpecialTokens(ids))
            .as(text)
            .isEqualTo(one.get("decoded").asText());
        assertThat(tokenizer.decode(ids))
            .as(text)
            .isEqualTo(one.get("decoded_skip_special").asText());
      }
      assertThat(texts).isNotEmpty();
      for (JsonNode one : golden.path("partial")) {
        assertThat(tokenizer.decodeWithSpecialTokens(ids(one.get("ids"))))
            .as("%s", one.get("ids"))
            .isEqualTo(one.get("decoded").asText());
      }
      JsonNode generation = Golden.json(model.resolve("generation_config.json"));
      assertThat(tokenizer.endIds()).isEqualTo(ids(generation.get("eos_token_id")));
      assertThat(tokenizer.padId()).isEqualTo(generation.get("pad_token_id").asInt());
      assertThat(tokenizer.endOfTurnId()).isEqualTo(named.get("<|im_end|>").asInt());
    }
  }

  static TokenIds ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).asInt();
    }
    return TokenIds.of(ids);
  }
}
