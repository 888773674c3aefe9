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
    return Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl").stream()
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
    return Golden.cases(model).resolve("02_chat.json");
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

    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      int merge = ImageProcessor.open(directory).config().mergeSize();
      TokenIds images =
          ImagePlaceholders.expand(
              tokenizer.encode(rendered),
              tokenizer.require("<|image_pad|>"),
              grids(golden.path("image_grid_thw")),
              merge);
      TokenIds ids =
          ImagePlaceholders.expand(
              images,
              tokenizer.require("<|video_pad|>"),
              grids(golden.path("video_grid_thw")),
              merge);
      assertThat(ids).isEqualTo(TokenizerParityTest.ids(golden.get("ids")));
    }
  }

  private static List<ImageGrid> grids(JsonNode rows) {
    List<ImageGrid> grids = new ArrayList<>();
    for (JsonNode row : rows) {
      grids.add(new ImageGrid(row.get(0).asInt(), row.get(1).asInt(), row.get(2).asInt()));
    }
    return grids;
  }
}
