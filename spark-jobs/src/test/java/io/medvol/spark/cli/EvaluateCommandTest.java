package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir private Path folder;

  /** Weights that are no numbers, as of a run that diverged. */
  private Path brokenModel() throws IOException {
    Path model = folder.resolve("model");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    Path weights = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Arrays.fill(bytes, Long.BYTES + header, bytes.length, (byte) 0xff);
    Files.write(weights, bytes);
    return model;
  }

  @Test
  void anEvaluationInWhichEverySampleFailsEndsWithItsFirstReason() throws IOException {
    SharedSpark.session();
    Path shards = ColdStart.shards(folder);
    Path run = folder.resolve("run");
    CommandLineResult result =
        CommandLineResult.of(
            "evaluate",
            "--shards",
            shards.toString(),
            "--model",
            brokenModel().toString(),
            "--run",
            run.toString());
    assertThat(result.status()).as(result.out()).isEqualTo(3);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err())
        .contains("Nothing was measured: ")
        .containsPattern("(\\d+) of \\1 samples failed; the first: sample v");
    assertThat(run.resolve("answers")).isDirectory();
    assertThat(run.resolve("summary.json")).doesNotExist();
  }
}
