package io.medvol.model.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.Policies;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TrainableParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyQwen2VlTest {
  private static final List<String> PHRASES = List.of("Which side? ", "A)Left", ", B)Right");

  @TempDir Path temp;

  @Test
  void equalSeedsGiveEqualBytesAndOthersOtherWeights() throws IOException {
    ModelDirectory model = write("model", 7);
    ModelDirectory again = write("again", 7);
    for (Path file : model.sideFiles()) {
      assertThat(again.root().resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
    }
    Path weights = model.weightFiles().get(0);
    assertThat(again.weightFiles().get(0)).hasSameBinaryContentAs(weights);
    assertThat(Files.mismatch(write("other", 8).weightFiles().get(0), weights)).isNotEqualTo(-1);
    assertThat(model.modelType()).isEqualTo("qwen2_vl");
  }

  @Test
  void pictureTakesFourTokensAPhraseOneAndTheModelAnswers() throws IOException {
    Path folder = write("model", 7).root();
    try (PolicyModel policy = Policies.load(folder, TrainableParameters.ALL)) {
      assertThat(policy.tokenize("Which side? A)Left, B)Right").length()).isEqualTo(3);
      EncodedPrompt dark = policy.encode(prompt(0));
      EncodedPrompt light = policy.encode(prompt(255));
      assertThat(dark.tokens()).isEqualTo(light.tokens());
      assertThat(dark.grids()).hasSize(1);
      assertThat(dark.grids().get(0).patches()).isEqualTo(16);
      SamplingParams sampling = new SamplingParams(1, 5);
      List<Completion> first = policy.sample(dark, sampling, new long[] {1, 2});
      assertThat(policy.sample(dark, sampling, new long[] {1, 2})).isEqualTo(first);
      assertThat(policy.sample(light, sampling, new long[] {1}).get(0).logProbs())
          .isNotEqualTo(first.get(0).logProbs());
    }
  }

  private static List<ChatMessage> prompt(int grey) {
    byte[] rgb = new byte[28 * 28 * 3];
    Arrays.fill(rgb, (byte) grey);
    return List.of(
        ChatMessage.user(
            List.of(
                new ChatMessage.Image(new RgbImage(28, 28, rgb)),
                new ChatMessage.Text("Which side? A)Left, B)Right"))));
  }

  private ModelDirectory write(String name, long seed) throws IOException {
    return TinyQwen2Vl.write(TinyPolicyConfig.forPictures(seed, PHRASES), temp.resolve(name));
  }
}
