package io.medvol.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTokenizerTest {
  @TempDir Path root;

  private ModelDirectory directory;

  @BeforeEach
  void write() throws IOException {
    directory = TinyQwen3Vl.write(TinyPolicyConfig.defaults(1), root);
  }

  @Test
  void markupIsLeftOutOfATextAndThoughtsAreNot() {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      String text = "<think>liver</think><|im_end|>";
      TokenIds ids = tokenizer.encode(text);
      assertThat(tokenizer.decode(ids)).isEqualTo("<think>liver</think>");
      assertThat(tokenizer.decodeWithSpecialTokens(ids)).isEqualTo(text);
      assertThat(tokenizer.find("liver spleen")).isEmpty();
      assertThatThrownBy(() -> tokenizer.require("<|no such token|>"))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("has no token <|no such token|>");
    }
  }

  @Test
  void aLongTextIsNotCut() {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      String text = "<|image_pad|>".repeat(40_000);
      assertThat(tokenizer.encode(text).length()).isEqualTo(40_000);
    }
  }

  @Test
  void aFileThatIsNoTokenizerIsSaidInOneSentence() throws IOException {
    Files.writeString(root.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
    assertThatThrownBy(() -> PolicyTokenizer.open(directory))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("Cannot read the tokenizer")
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void endIdsMayBeOneNumberAndMustBeThere() throws IOException {
    Path generation = root.resolve("generation_config.json");
    Files.writeString(generation, "{\"eos_token_id\": 5}");
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      assertThat(tokenizer.endIds()).isEqualTo(TokenIds.of(5));
      assertThat(tokenizer.padId()).isEqualTo(5);
    }
    for (String bad : new String[] {"-1", "\"x\"", "[1, -2]"}) {
      Files.writeString(generation, "{\"eos_token_id\": " + bad + "}");
      assertThatThrownBy(() -> PolicyTokenizer.open(directory))
          .as(bad)
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("generation_config.json has no usable eos_token_id");
    }
    Files.delete(generation);
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      assertThat(tokenizer.endIds()).isEqualTo(TokenIds.of(tokenizer.endOfTurnId()));
    }
  }
}
