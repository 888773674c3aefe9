package io.medvol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.ModelWeights;
import io.medvol.model.tensor.DType;
import io.medvol.model.tokenizer.PolicyTokenizer;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.WeightFiles;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders as versions of transformers from 4.4x to 5.x write them are one and the same model. */
class HubLayoutTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<TokenIds> ANSWERS =
      List.of(TokenIds.of(40, 41, 42), TokenIds.of(50, 51));

  @TempDir Path root;

  /** What a model says about a prompt with a picture. */
  private record Opinion(TokenIds prompt, float[] pixels, List<TokenValues> logProbs, int end) {
    static Opinion of(Path folder) {
      byte[] grey = new byte[3 * 60 * 40];
      for (int i = 0; i < grey.length; i++) {
        grey[i] = (byte) (i * 7);
      }
      List<ChatMessage> question =
          List.of(
              ChatMessage.user(
                  List.of(
                      new ChatMessage.Image(new RgbImage(60, 40, grey)),
                      new ChatMessage.Text("Where is the liver?"))));
      try (PolicyModel policy = Policies.load(folder, TrainableParameters.LANGUAGE_MODEL)) {
        EncodedPrompt prompt = policy.encode(question);
        return new Opinion(
            prompt.tokens(),
            prompt.pixelValues(),
            policy.logProbs(prompt, ANSWERS, 1),
            policy.endOfTurn());
      }
    }

    void requireSame(Path folder) {
      assertThat(Opinion.of(folder)).usingRecursiveComparison().isEqualTo(this);
    }
  }

  private static Opinion published(String type) {
    return Opinion.of(Golden.models(type).get(0));
  }

  private HubFolder copy(String type) throws IOException {
    return HubFolder.copy(type, root.resolve("model"));
  }

  /** The names of modules since transformers 4.52, in files. */
  private static String current(String name) {
    if (name.startsWith("model.visual.") || name.startsWith("model.language_model.")) {
      return name;
    }
    return name.startsWith("visual.")
        ? "model." + name
        : name.replaceFirst("^model\\.", "model.language_model.");
  }

  private static String older(String name) {
    return name.replaceFirst("^model\\.visual\\.", "visual.")
        .replaceFirst("^model\\.language_model\\.", "model.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2_vl", "qwen2_5_vl", "qwen3_vl"})
  void transformers5(String type) throws IOException {
    HubFolder folder = copy(type).configOfTransformers5().renamed(WEIGHTS, HubLayoutTest::current);
    ObjectNode processor = JSON.createObjectNode();
    processor.set(
        "image_processor", Golden.json(folder.path().resolve("preprocessor_config.json")));
    processor.put("processor_class", "Processor");
    String template =
        Golden.json(folder.path().resolve("chat_template.json")).path("chat_template").asText();
    folder
        .text("processor_config.json", processor.toString())
        .delete("preprocessor_config.json")
        .text("chat_template.jinja", template)
        .delete("chat_template.json")
        .json("tokenizer_config.json", json -> json.remove("chat_template"));
    published(type).requireSame(folder.path());
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2_vl", "qwen2_5_vl", "qwen3_vl"})
  void weightsHaveTheNamesOfModulesOrTheOlderOnes(String type) throws IOException {
    Opinion expected = published(type);
    Set<String> names;
    try (WeightFiles files = ModelWeights.open(ModelDirectory.open(Golden.models(type).get(0)))) {
      names = Set.copyOf(files.names());
    }
    for (UnaryOperator<String> naming :
        List.<UnaryOperator<String>>of(HubLayoutTest::current, HubLayoutTest::older)) {
      HubFolder folder =
          HubFolder.copy(type, Files.createTempDirectory(root, "m").resolve("model"))
              .renamed(WEIGHTS, naming);
      expected.requireSame(folder.path());
      // What is written from it again has the names the family was published with.
      try (WeightFiles files = ModelWeights.open(ModelDirectory.open(folder.path()))) {
        assertThat(files.names()).isEqualTo(names);
      }
    }
  }

  /** As transformers 4.45 to 4.51 leave out of a sub-config what its class has anyway. */
  @ParameterizedTest
  @CsvSource({
    "qwen2_vl,hidden_act patch_size spatial_merge_size temporal_patch_size mlp_ratio in_chans",
    "qwen2_5_vl,hidden_act patch_size spatial_merge_size temporal_patch_size in_chans",
    "qwen3_vl,hidden_act patch_size spatial_merge_size temporal_patch_size in_channels"
  })
  void whatASubConfigLeavesOutIsThatOfItsClass(String type, String settings) throws IOException {
    HubFolder folder =
        copy(type)
            .json(
                "config.json",
                config ->
                    ((ObjectNode) config.get("vision_config"))
                        .remove(List.of(settings.split(" "))));
    published(type).requireSame(folder.path());
    folder
        .configOfTransformers5()
        .json(
            "config.json",
            config -> {
              ObjectNode text = (ObjectNode) config.get("text_config");
              text.remove("hidden_act");
              if (type.equals("qwen3_vl")) {
                // Its class has another epsilon than those of the other families.
                text.remove("rms_norm_eps");
                ((ObjectNode) text.get("rope_parameters")).remove("mrope_interleaved");
              } else {
                ((ObjectNode) text.get("rope_parameters")).remove("rope_theta");
              }
            });
    published(type).requireSame(folder.path());
  }

  @Test
  void theWholeOfAClassIsKnown() throws IOException {
    HubFolder folder = copy("qwen2_5_vl").configOfTransformers5();
    folder.json(
        "config.json",
        config -> {
          config.set("vision_config", JSON.createObjectNode().put("out_hidden_size", 8192));
          JsonNode rope = config.get("text_config").get("rope_parameters");
          ObjectNode text = JSON.createObjectNode();
          text.set("rope_parameters", rope.deepCopy());
          ((ObjectNode) text.get("rope_parameters"))
              .putArray("mrope_section")
              .add(16)
              .add(24)
              .add(24);
          config.set("text_config", text);
        });
    var shape = Policies.shape(folder.path());
    assertThat(shape.text().layers()).isEqualTo(80);
    assertThat(shape.text().hidden()).isEqualTo(8192);
    assertThat(shape.vision().depth()).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "null", "[]", "[978, 976, 978]"})
  void theEndComesFromTheNextFileThatNamesIt(String end) throws IOException {
    HubFolder folder =
        copy("qwen2_5_vl")
            .json(
                "generation_config.json",
                json -> {
                  json.remove("eos_token_id");
                  if (!end.equals("absent")) {
                    json.set("eos_token_id", parsed(end));
                  }
                });
    TokenIds expected = end.startsWith("[9") ? TokenIds.of(978, 976) : TokenIds.of(978);
    assertThat(ends(folder)).isEqualTo(expected);
    if (end.equals("absent")) {
      folder.configOfTransformers5();
      assertThat(ends(folder)).isEqualTo(expected);
      folder.json(
          "config.json", json -> ((ObjectNode) json.get("text_config")).remove("eos_token_id"));
      assertThat(ends(folder)).as("the tokenizer's").isEqualTo(expected);
    }
  }

  private static TokenIds ends(HubFolder folder) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(ModelDirectory.open(folder.path()))) {
      return tokenizer.endIds();
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void idsThatTheConfigurationLeavesOutAreTheTokenizers() throws IOException {
    HubFolder folder =
        copy("qwen2_5_vl")
            .json(
                "config.json",
                json ->
                    json.remove(
                        List.of(
                            "vision_start_token_id",
                            "vision_end_token_id",
                            "image_token_id",
                            "video_token_id")));
    published("qwen2_5_vl").requireSame(folder.path());
  }

  @Test
  void everythingThatIsMissingIsSaidAtOnce() throws IOException {
    HubFolder folder = copy("qwen3_vl");
    folder.delete("tokenizer.json").delete("preprocessor_config.json").delete(WEIGHTS);
    folder.text("pytorch_model.bin", "");
    refused(
        folder.path(),
        "lacks tokenizer.json",
        "preprocessor_config.json",
        "processor_config.json",
        WEIGHTS,
        "pytorch_model.bin is of a format that is not read here");
  }

  @Test
  void aNameOfTheHubIsToldApartFromAFolder() {
    refused(
        Path.of("Qwen/Qwen3-VL-2B-Instruct"),
        "There is no model directory",
        "Nothing is downloaded here",
        "`hf download Qwen/Qwen3-VL-2B-Instruct --local-dir DIR`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp8", "awq", "gptq", "bitsandbytes"})
  void aQuantisedModelIsNamedAsSuch(String method) throws IOException {
    HubFolder folder =
        copy("qwen3_vl")
            .json(
                "config.json",
                json -> json.putObject("quantization_config").put("quant_method", method));
    refused(
        folder.path(), "config.json", "quantised (quantization_config: " + method, "dequantize()");
  }

  @ParameterizedTest
  @CsvSource({"F8_E4M3,1", "F8_E5M2,1", "U16,2"})
  void typesOfQuantisedTensorsAreValidAndRefused(DType type, int bytes) throws IOException {
    HubFolder folder = copy("qwen3_vl");
    folder.rewrite(
        WEIGHTS,
        tensor -> {
          if (!tensor.name().endsWith("layers.0.self_attn.q_proj.weight")) {
            return tensor;
          }
          long size = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
          return new Tensor(
              tensor.name(),
              type,
              tensor.shape(),
              out -> out.write(new byte[Math.toIntExact(bytes * size)]));
        });
    refused(folder.path(), "has the type " + type, "expected F32, BF16, F16 or F64");
  }

  private static void refused(Path folder, String... parts) {
    assertThatThrownBy(() -> Policies.load(folder, TrainableParameters.ALL).close())
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContainingAll(parts);
  }
}
