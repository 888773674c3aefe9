package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.Policies;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QwenPolicyTest {
  private static final SamplingParams SIXTEEN = new SamplingParams(1, 16);
  private static final long[] SEEDS = {1, 2, 3};

  private static Path folder;
  private static PolicyModel policy;
  private static EncodedPrompt prompt;

  @TempDir Path temporary;

  @BeforeAll
  static void open() {
    folder = Golden.models("qwen3_vl").get(0);
    policy = Policies.load(folder, TrainableParameters.ALL);
    prompt = policy.encode(question(2));
  }

  @AfterAll
  static void close() {
    policy.close();
  }

  @Test
  void encodesOneTokenForEachMergedPatch() {
    ModelDirectory directory = ModelDirectory.open(folder);
    int image = directory.config().get("image_token_id").asInt();
    int merge = directory.config().at("/vision_config/spatial_merge_size").asInt();
    long placeholders = Arrays.stream(prompt.tokens().toArray()).filter(id -> id == image).count();
    int patches = prompt.grids().stream().mapToInt(ImageGrid::patches).sum();
    assertThat(prompt.grids()).hasSize(2);
    assertThat(placeholders).isEqualTo(patches / (merge * merge));
  }

  /** The importance ratio of a policy that has not changed is 1. */
  @Test
  void scoresItsOwnSamplesAsItDrewThem() {
    for (double temperature : new double[] {1, 0.6}) {
      List<Completion> drawn = policy.sample(prompt, new SamplingParams(temperature, 16), SEEDS);
      List<TokenValues> scored = policy.logProbs(prompt, tokens(drawn), temperature);
      for (int i = 0; i < drawn.size(); i++) {
        assertThat(scored.get(i).toArray())
            .containsExactly(drawn.get(i).logProbs().toArray(), within(1e-4));
      }
    }
  }

  @Test
  void samplesTheSameBitsAgain() {
    List<Completion> first = policy.sample(prompt, SIXTEEN, SEEDS);
    assertThat(policy.sample(prompt, SIXTEEN, SEEDS)).isEqualTo(first);
    try (PolicyModel other = Policies.load(folder, TrainableParameters.LANGUAGE_MODEL)) {
      assertThat(other.sample(prompt, SIXTEEN, SEEDS)).isEqualTo(first);
    }
  }

  @Test
  void aCompletionDoesNotDependOnTheSeedsOfOthers() {
    List<Completion> first = policy.sample(prompt, SIXTEEN, new long[] {1, 2, 3});
    List<Completion> second = policy.sample(prompt, SIXTEEN, new long[] {7, 2, 9});
    assertThat(second.get(0)).isNotEqualTo(first.get(0));
    assertThat(second.get(1).tokens()).isEqualTo(first.get(1).tokens());
    if (RowKernels.areIndependent()) {
      assertThat(second.get(1)).isEqualTo(first.get(1));
    }
  }

  @Test
  void aCompletionHasNoMoreTokensThanAllowed() {
    for (int most : new int[] {1, 2, 5}) {
      SamplingParams params = new SamplingParams(1, most).withMinNewTokens(most);
      for (Completion completion : policy.sample(prompt, params, SEEDS)) {
        assertThat(completion.tokens().length()).isEqualTo(most);
        assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
      }
    }
  }

  @Test
  void aCompletionEndsWithTheStopStringAndTheOthersGoOn() {
    List<Completion> free = policy.sample(prompt, SIXTEEN.withMinNewTokens(16), SEEDS);
    String all = free.get(0).text();
    String stop = all.substring(all.length() / 3, all.length() / 3 + 4);
    List<Completion> stopped =
        policy.sample(prompt, SIXTEEN.withMinNewTokens(16).withStopStrings(List.of(stop)), SEEDS);
    for (int i = 0; i < SEEDS.length; i++) {
      Completion cut = stopped.get(i);
      int length = cut.tokens().length();
      assertThat(cut.tokens())
          .isEqualTo(TokenIds.of(Arrays.copyOf(free.get(i).tokens().toArray(), length)));
      assertThat(cut.finishReason() == FinishReason.STOP).isEqualTo(cut.text().contains(stop));
      int[] before = Arrays.copyOf(cut.tokens().toArray(), length - 1);
      assertThat(policy.decode(TokenIds.of(before))).doesNotContain(stop);
    }
    assertThat(stopped.get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(stopped).anyMatch(one -> one.finishReason() == FinishReason.LENGTH);
  }

  @Test
  void picturesChangeTheAnswer() {
    float[] darker = prompt.pixelValues().clone();
    for (int i = 0; i < darker.length; i++) {
      darker[i] -= 0.5f;
    }
    EncodedPrompt other = new EncodedPrompt(prompt.tokens(), darker, prompt.grids());
    List<TokenIds> completion = List.of(TokenIds.of(5));
    assertThat(policy.logProbs(other, completion, 1))
        .isNotEqualTo(policy.logProbs(prompt, completion, 1));
  }

  @Test
  void pictureTokensHaveNoProbability() {
    for (String name :
        List.of(
            "image_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id")) {
      int id = ModelDirectory.open(folder).config().get(name).asInt();
      assertThat(policy.logProbs(prompt, List.of(TokenIds.of(id)), 1).get(0).at(0))
          .isEqualTo(Double.NEGATIVE_INFINITY);
    }
  }

  /** Along the gradient of a log-probability it rises by the squared norm times the step. */
  @Test
  void gradientPredictsTheChange() {
    List<TokenIds> completions = List.of(TokenIds.of(5, 6, 7), TokenIds.of(8));
    float[] before = policy.parameters();
    float[] gradient = new float[before.length];
    policy.accumulateGradient(prompt, completions, 0.8, QwenPolicyTest::ones, gradient);
    double squared = 0;
    for (float g : gradient) {
      squared += (double) g * g;
    }
    double step = 1e-3 / Math.sqrt(squared);
    double[] sums = new double[2];
    for (int side = 0; side < 2; side++) {
      float[] moved = before.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += (float) ((side == 0 ? -step : step) * gradient[i]);
      }
      policy.setParameters(moved);
      for (TokenValues values : policy.logProbs(prompt, completions, 0.8)) {
        sums[side] += Arrays.stream(values.toArray()).sum();
      }
    }
    policy.setParameters(before);
    assertThat((sums[1] - sums[0]) / (2 * step)).isCloseTo(squared, within(0.01 * squared));
    assertThat(policy.parameters()).isEqualTo(before);
  }

  @Test
  void gradientsAddToWhatIsThere() {
    List<TokenIds> completions = List.of(TokenIds.of(5, 6));
    float[] once = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, completions, 1, QwenPolicyTest::ones, once);
    float[] twice = once.clone();
    policy.accumulateGradient(prompt, completions, 1, QwenPolicyTest::ones, twice);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isEqualTo(2 * once[i]);
    }
  }

  /** More completions than one block of attention holds, some of them empty or of one token. */
  @Test
  void aGroupScoresAsItsMembersDo() {
    EncodedPrompt brief = new EncodedPrompt(TokenIds.of(9, 10, 11, 12), new float[0], List.of());
    List<TokenIds> group =
        List.of(
            TokenIds.of(1, 2, 3, 4, 5, 6),
            TokenIds.of(),
            TokenIds.of(7),
            TokenIds.of(8, 9),
            TokenIds.of(1, 2, 3));
    List<TokenValues> together = policy.logProbs(brief, group, 1);
    for (int i = 0; i < group.size(); i++) {
      double[] alone = policy.logProbs(brief, List.of(group.get(i)), 1).get(0).toArray();
      assertThat(together.get(i).toArray()).containsExactly(alone, within(1e-4));
    }
  }

  @Test
  void frozenVisionLeavesTheOtherGradientsAsTheyAre() {
    List<TokenIds> completions = List.of(TokenIds.of(5, 6));
    float[] all = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, completions, 1, QwenPolicyTest::ones, all);
    try (PolicyModel frozen = Policies.load(folder, TrainableParameters.LANGUAGE_MODEL)) {
      float[] some = new float[frozen.layout().size()];
      frozen.accumulateGradient(prompt, completions, 1, QwenPolicyTest::ones, some);
      assertThat(frozen.layout().parameters())
          .noneMatch(parameter -> parameter.name().contains("visual"));
      for (ParameterLayout.Parameter parameter : frozen.layout().parameters()) {
        assertThat(part(frozen.layout(), some, parameter.name()))
            .isEqualTo(part(policy.layout(), all, parameter.name()));
      }
    }
  }

  /** With the embeddings copied into a head of its own, the two gradients add up to the tied. */
  @Test
  void untiedHeadTakesItsShareOfTheGradient() throws IOException {
    Path untied = untiedCopy();
    String embeddings = "model.language_model.embed_tokens.weight";
    List<TokenIds> completions = List.of(TokenIds.of(5, 6));
    float[] tied = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, completions, 1, QwenPolicyTest::ones, tied);
    float[] expected = part(policy.layout(), tied, embeddings);
    try (PolicyModel other = Policies.load(untied, TrainableParameters.ALL)) {
      float[] gradient = new float[other.layout().size()];
      other.accumulateGradient(prompt, completions, 1, QwenPolicyTest::ones, gradient);
      float[] input = part(other.layout(), gradient, embeddings);
      float[] output = part(other.layout(), gradient, "lm_head.weight");
      for (int i = 0; i < expected.length; i++) {
        assertThat(input[i] + output[i]).isCloseTo(expected[i], within(1e-4f));
      }
      assertThat(output).isNotEqualTo(new float[output.length]);
    }
  }

  /** A head of twice the embeddings gives twice the logits, which twice the temperature halves. */
  @Test
  void anUntiedHeadIsTheOneThatIsRead() throws IOException {
    List<TokenIds> completions = List.of(TokenIds.of(5, 6));
    double[] expected = policy.logProbs(prompt, completions, 1).get(0).toArray();
    Completion drawn = policy.sample(prompt, new SamplingParams(1, 4), SEEDS).get(0);
    try (PolicyModel other = Policies.load(untiedCopy(2), TrainableParameters.LANGUAGE_MODEL)) {
      assertThat(other.logProbs(prompt, completions, 2).get(0).toArray())
          .containsExactly(expected, within(1e-4));
      assertThat(other.sample(prompt, new SamplingParams(2, 4), SEEDS).get(0).tokens())
          .isEqualTo(drawn.tokens());
    }
  }

  @Test
  void sayWhatIsWrongWithAPrompt() {
    EncodedPrompt cut = new EncodedPrompt(prompt.tokens(), new float[7], prompt.grids());
    assertInvalid(() -> policy.sample(cut, SIXTEEN, SEEDS), "7 pixel values");
    EncodedPrompt textOnly = new EncodedPrompt(prompt.tokens(), new float[0], List.of());
    assertInvalid(() -> policy.sample(textOnly, SIXTEEN, SEEDS), "image tokens");
    EncodedPrompt empty = new EncodedPrompt(TokenIds.of(), new float[0], List.of());
    assertInvalid(() -> policy.sample(empty, SIXTEEN, SEEDS), "prompt is empty");
    assertInvalid(
        () -> policy.logProbs(prompt, List.of(TokenIds.of(1 << 30)), 1), "Token id 1073741824");
  }

  @Test
  void saysWhichTensorIsMissing() throws IOException {
    Path untied = untiedCopy();
    ObjectNode config = QwenConfigReaderTest.config();
    ((ObjectNode) config.get("text_config"))
        .put("num_hidden_layers", config.at("/text_config/num_hidden_layers").asInt() + 1);
    new ObjectMapper().writeValue(untied.resolve("config.json").toFile(), config);
    assertInvalid(
        () -> Policies.load(untied, TrainableParameters.ALL), "lack the tensor model.language");
    config.put("model_type", "bert");
    new ObjectMapper().writeValue(untied.resolve("config.json").toFile(), config);
    assertInvalid(() -> Policies.load(untied, TrainableParameters.ALL), "type \"bert\"");
  }

  private Path untiedCopy() throws IOException {
    return untiedCopy(1);
  }

  /** With so many times the embeddings as its head. */
  private Path untiedCopy(int factor) throws IOException {
    ModelDirectory directory = ModelDirectory.open(folder);
    directory.copySideFiles(temporary);
    ObjectNode config = QwenConfigReaderTest.config();
    config.put("tie_word_embeddings", false);
    new ObjectMapper().writeValue(temporary.resolve("config.json").toFile(), config);
    float[] values = policy.parameters();
    List<Tensor> tensors = new ArrayList<>();
    for (ParameterLayout.Parameter parameter : policy.layout().parameters()) {
      tensors.add(Tensor.floats(parameter.name(), parameter.shape(), values, parameter.offset()));
      if (parameter.name().endsWith("embed_tokens.weight")) {
        float[] head = part(policy.layout(), values, parameter.name());
        for (int i = 0; i < head.length; i++) {
          head[i] *= factor;
        }
        tensors.add(Tensor.floats("lm_head.weight", parameter.shape(), head, 0));
      }
    }
    try (OutputStream out = Files.newOutputStream(temporary.resolve("model.safetensors"))) {
      SafetensorsWriter.write(tensors, out);
    }
    return temporary;
  }

  private static void assertInvalid(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(message);
  }

  /** Of the sum of all log-probabilities. */
  static double[][] ones(double[][] logProbs, double[][] entropies) {
    assertThat(entropies.length).isEqualTo(logProbs.length);
    return Arrays.stream(logProbs)
        .map(row -> Arrays.stream(row).map(value -> 1).toArray())
        .toArray(double[][]::new);
  }

  static List<ChatMessage> question(int pictures) {
    Random random = new Random(5);
    List<ChatMessage.Part> parts = new ArrayList<>();
    for (int i = 0; i < pictures; i++) {
      byte[] rgb = new byte[64 * 96 * 3];
      random.nextBytes(rgb);
      parts.add(new ChatMessage.Image(new RgbImage(64, 96, rgb)));
    }
    parts.add(new ChatMessage.Text("Where is the liver?"));
    return List.of(ChatMessage.user(parts));
  }

  private static List<TokenIds> tokens(List<Completion> completions) {
    return completions.stream().map(Completion::tokens).toList();
  }

  private static float[] part(ParameterLayout layout, float[] values, String name) {
    ParameterLayout.Parameter parameter =
        layout.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    return Arrays.copyOfRange(values, parameter.offset(), parameter.offset() + parameter.length());
  }
}
