package io.medvol.model.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.image.ImageSize;
import io.medvol.model.image.PatchedImages;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tokenizer.ChatOptions;
import io.medvol.model.tokenizer.ChatTemplate;
import io.medvol.model.tokenizer.ImagePlaceholders;
import io.medvol.model.tokenizer.PolicyTokenizer;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyQwen3VlTest {
  private static final int MAX_ANSWER_TOKENS = 20;

  @TempDir static Path temp;

  private static ModelDirectory model;
  private static PolicyTokenizer tokenizer;

  @BeforeAll
  static void write() throws IOException {
    model = TinyQwen3Vl.write(TinyPolicyConfig.defaults(7), temp.resolve("model"));
    tokenizer = PolicyTokenizer.open(model);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void equalSeedsGiveEqualBytesAndOthersOtherWeights() throws IOException {
    ModelDirectory again = TinyQwen3Vl.write(TinyPolicyConfig.defaults(7), temp.resolve("again"));
    for (Path file : model.sideFiles()) {
      assertThat(again.root().resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
    }
    Path weights = model.weightFiles().get(0);
    assertThat(again.weightFiles().get(0)).hasSameBinaryContentAs(weights);
    ModelDirectory other = TinyQwen3Vl.write(TinyPolicyConfig.defaults(8), temp.resolve("other"));
    assertThat(Files.mismatch(other.weightFiles().get(0), weights)).isNotEqualTo(-1);
  }

  @Test
  void everyAnswerTextSurvivesTheTokenizerAndStaysShort() {
    Random random = new Random(3);
    List<String> organs = List.of("liver", "spleen", "left kidney", "right kidney", "bladder");
    for (int i = 0; i < 500; i++) {
      String answer =
          "<think>%s</think><answer>[{\"slice\": %d, \"bbox_2d_list\": [[%d, %d, %d, %d]]}]</answer>"
              .formatted(
                  organs.get(random.nextInt(organs.size())),
                  random.nextInt(100),
                  25 * random.nextInt(41),
                  25 * random.nextInt(41),
                  25 * random.nextInt(41),
                  25 * random.nextInt(41));
      TokenIds ids = tokenizer.encode(answer + "<|im_end|>");
      assertThat(tokenizer.decode(ids)).isEqualTo(answer);
      assertThat(ids.length()).as(answer).isLessThanOrEqualTo(MAX_ANSWER_TOKENS);
      assertThat(ids.at(ids.length() - 1)).isEqualTo(tokenizer.endOfTurnId());
    }
  }

  @Test
  void numbersAreOneTokenWhateverStandsAroundThem() {
    for (int slice = 0; slice < 100; slice++) {
      int id = tokenizer.require(Integer.toString(slice));
      assertThat(tokenizer.encode("[{\"slice\": " + slice + ", \"bbox_2d_list\": [[").at(1))
          .isEqualTo(id);
      assertThat(tokenizer.encode("<slice " + slice + ">\n").at(1)).isEqualTo(id);
    }
    for (int value = 0; value <= 1000; value += 25) {
      int id = tokenizer.require(Integer.toString(value));
      String box = ", \"bbox_2d_list\": [[%1$d, %1$d, %1$d, %1$d], [%1$d, 25, 50, 75]]}]";
      TokenIds ids = tokenizer.encode(box.formatted(value));
      assertThat(ids.length()).as("%d", value).isEqualTo(17);
      assertThat(List.of(ids.at(1), ids.at(3), ids.at(5), ids.at(7), ids.at(9)))
          .as("%d", value)
          .containsOnly(id);
    }
  }

  @Test
  void anyTextSurvivesTheTokenizer() {
    Random random = new Random(5);
    List<String> texts =
        new ArrayList<>(
            List.of(
                "", " ", "\n\n", "delivery of 333, 1234 and 1025", "Größe é 肝臓 🫁", "a\tb\r\nc"));
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = 0; k < 40; k++) {
        text.append(
            random.nextBoolean() ? (char) (' ' + random.nextInt(95)) : random.nextInt(1001));
      }
      texts.add(text.toString());
    }
    for (String text : texts) {
      assertThat(tokenizer.decodeWithSpecialTokens(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @Test
  void aPromptOfTwelveSlicesStaysShort() {
    List<ChatMessage.Part> parts = new ArrayList<>();
    List<RgbImage> images = new ArrayList<>();
    for (int slice = 0; slice < 12; slice++) {
      RgbImage image = new RgbImage(40, 40, new byte[40 * 40 * 3]);
      images.add(image);
      parts.add(new ChatMessage.Text("<slice " + slice + ">\n"));
      parts.add(new ChatMessage.Image(image));
    }
    String question = "Which organ filters the blood and makes urine on the left side?";
    parts.add(new ChatMessage.Text(question));
    String rendered =
        ChatTemplate.open(model)
            .render(List.of(ChatMessage.user(parts)), ChatOptions.openAssistantTurn());
    PatchedImages patches = ImageProcessor.open(model).process(images);
    TokenIds ids =
        ImagePlaceholders.expand(
            tokenizer.encode(rendered),
            tokenizer.require("<|image_pad|>"),
            patches.grids(),
            TinyPolicyConfig.MERGE_SIZE);
    assertThat(patches.grids()).containsOnly(new ImageGrid(1, 8, 8));
    assertThat(tokenizer.encode(question).length())
        .isLessThanOrEqualTo(question.split(" ").length + 2);
    // A slice takes its tag (3), its start and end (2) and 16 merged patches.
    assertThat(ids.length()).isLessThanOrEqualTo(12 * 21 + 24);
  }

  @Test
  void aPhraseBecomesOneToken() throws IOException {
    String phrase = "Above are axial slices of one CT scan, from head to feet.\n";
    ModelDirectory directory =
        TinyQwen3Vl.write(
            TinyPolicyConfig.defaults(7).withPhrases(List.of(phrase)), temp.resolve("phrase"));
    try (PolicyTokenizer with = PolicyTokenizer.open(directory)) {
      assertThat(with.encode(phrase + "liver").length()).isEqualTo(2);
      assertThat(with.decode(with.encode(phrase))).isEqualTo(phrase);
    }
  }

  @Test
  void theFilesAgreeWithOneAnother() {
    JsonNode config = model.config();
    GoldenTensors weights = Golden.tensors(model.weightFiles().get(0));
    int vocabulary = config.at("/text_config/vocab_size").asInt();
    assertThat(weights.shape("model.language_model.embed_tokens.weight"))
        .containsExactly(vocabulary, config.at("/text_config/hidden_size").asInt());
    assertThat(config.get("image_token_id").asInt()).isEqualTo(tokenizer.require("<|image_pad|>"));
    assertThat(config.get("vision_start_token_id").asInt())
        .isEqualTo(tokenizer.require("<|vision_start|>"));
    assertThat(tokenizer.endIds())
        .isEqualTo(
            TokenIds.of(tokenizer.require("<|im_end|>"), tokenizer.require("<|endoftext|>")));
    assertThat(weights.names()).noneMatch(name -> name.contains("lm_head"));
    int sum = 0;
    for (JsonNode section : config.at("/text_config/rope_scaling/mrope_section")) {
      sum += section.asInt();
    }
    assertThat(sum).isEqualTo(config.at("/text_config/head_dim").asInt() / 2);
    ImageProcessor processor = ImageProcessor.open(model);
    assertThat(processor.grid(new ImageSize(40, 40))).isEqualTo(new ImageGrid(1, 8, 8));
    assertThat(processor.grid(new ImageSize(512, 512))).isEqualTo(new ImageGrid(1, 8, 8));
  }

  @Test
  void itHasTheTensorNamesOfAHubModel() {
    GoldenTensors weights = Golden.tensors(model.weightFiles().get(0));
    int compared = 0;
    for (Path hub : Golden.models("qwen3_vl")) {
      List<String> wanted =
          Golden.tensors(hub.resolve("model.safetensors")).names().stream()
              .map(TinyQwen3VlTest::withoutIndex)
              .distinct()
              .sorted()
              .toList();
      assertThat(weights.names().stream().map(TinyQwen3VlTest::withoutIndex).distinct().sorted())
          .containsExactlyElementsOf(wanted);
      compared++;
    }
    assertThat(compared).isPositive();
  }

  @Test
  void embeddingsAreAboutAsLargeAsWhatABranchAddsToThem() {
    float[] embeddings = embeddings();
    double squares = 0;
    for (float value : embeddings) {
      squares += value * value;
    }
    assertThat(Math.sqrt(squares / embeddings.length)).isBetween(0.27, 0.33);
  }

  @Test
  void coordinatesBeginInTheirOrder() {
    assertThat(likeness("500", "525")).isGreaterThan(0.75);
    assertThat(likeness("500", "550")).isBetween(0.3, 0.9);
    assertThat(Math.abs(likeness("500", "900"))).isLessThan(0.4);
    // 5 is a slice, and no neighbour of a coordinate.
    assertThat(Math.abs(likeness("5", "25"))).isLessThan(0.4);
    assertThat(likeness("5", "6")).isGreaterThan(likeness("5", "9"));
  }

  /** Cosine of the embeddings of two numbers. */
  private static double likeness(String one, String other) {
    TinyVocabulary vocabulary = new TinyVocabulary(List.of());
    float[] embeddings = embeddings();
    int width = model.config().at("/text_config/hidden_size").asInt();
    int first = id(vocabulary, one) * width;
    int second = id(vocabulary, other) * width;
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < width; i++) {
      ab += embeddings[first + i] * embeddings[second + i];
      aa += embeddings[first + i] * embeddings[first + i];
      bb += embeddings[second + i] * embeddings[second + i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  private static int id(TinyVocabulary vocabulary, String number) {
    return number.length() == 1 ? vocabulary.bytes().indexOf(number) : vocabulary.id(number);
  }

  private static float[] embeddings() {
    return Golden.tensors(model.weightFiles().get(0))
        .floats("model.language_model.embed_tokens.weight");
  }

  @Test
  void dialsThatDoNotFitAreNamed() {
    assertThatThrownBy(
            () ->
                new TinyPolicyConfig(1, 64, 3, 3, 2, 32, 128, 1e6, 48, 1, 2, 96, 5, 40, List.of()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("key-value-heads (2) to divide heads (3)");
    assertThatThrownBy(
            () ->
                new TinyPolicyConfig(1, 64, 3, 2, 2, 32, 128, 1e6, 48, 1, 2, 96, 5, 42, List.of()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("image-side (42)");
  }

  private static String withoutIndex(String name) {
    return name.replaceAll("\\.\\d+\\.", ".N.");
  }
}
