package io.medvol.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.TokenIds;
import io.medvol.testing.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class ChatTemplateParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> conversationsRenderAndTokenizeAsTheReference() {
    return Golden.models("qwen3_vl").stream()
        .filter(model -> Files.exists(cases(model)))
        .flatMap(
            model -> {
              List<DynamicTest> tests = new ArrayList<>();
              Golden.json(cases(model))
                  .get("cases")
                  .fields()
                  .forEachRemaining(
                      one ->
                          tests.add(
                              DynamicTest.dynamicTest(
                                  model.getFileName() + " " + one.getKey(),
                                  () -> check(model, one.getValue()))));
              return tests.stream();
            });
  }

  private static Path cases(Path model) {
    return model.resolve("cases/02_chat.json");
  }

  private static void check(Path model, JsonNode golden) {
    ModelDirectory directory = ModelDirectory.open(model);
    List<Map<String, Object>> messages =
        JSON.convertValue(golden.get("messages"), new TypeReference<>() {});
    ChatOptions options =
        new ChatOptions(
            golden.at("/options/add_generation_prompt").asBoolean(),
            golden.at("/options/add_vision_id").asBoolean());
    String rendered = ChatTemplate.open(directory).renderValues(messages, options);
    assertThat(rendered).isEqualTo(golden.get("rendered").asText());

    List<ImageGrid> grids = new ArrayList<>();
    for (JsonNode grid : golden.get("image_grid_thw")) {
      grids.add(new ImageGrid(grid.get(0).asInt(), grid.get(1).asInt(), grid.get(2).asInt()));
    }
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      TokenIds ids =
          ImagePlaceholders.expand(
              tokenizer.encode(rendered),
              tokenizer.require("<|image_pad|>"),
              grids,
              ImageProcessor.open(directory).config().mergeSize());
      assertThat(ids).isEqualTo(TokenizerParityTest.ids(golden.get("ids")));
    }
  }
}
