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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir private Path folder;

  private Path model() throws IOException {
    Path model = folder.resolve("model");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    return model;
  }

  /** Weights that are no numbers, as of a run that diverged. */
  private Path divergedModel() throws IOException {
    Path model = model();
    Path weights = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Arrays.fill(bytes, Long.BYTES + header, bytes.length, (byte) 0xff);
    Files.write(weights, bytes);
    return model;
  }

  private CommandLineResult evaluate(Path model, Path run, String... more) throws IOException {
    SharedSpark.session();
    String shards = ColdStart.shards(folder).toString();
    Stream<String> arguments =
        Stream.of(
            "evaluate", "--shards", shards, "--model", model.toString(), "--run", run.toString());
    return CommandLineResult.of(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void anEvaluationInWhichEverySampleFailsEndsWithItsFirstReason() throws IOException {
    Path run = folder.resolve("run");
    CommandLineResult result = evaluate(model(), run, "--set", "policy.max-prompt-length=1");
    assertThat(result.status()).as(result.out()).isEqualTo(3);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err())
        .contains("Nothing was measured: ")
        .containsPattern("(\\d+) of \\1 samples failed; the first: sample v");
    assertThat(run.resolve("answers")).isDirectory();
    assertThat(run.resolve("summary.json")).doesNotExist();
  }

  @Test
  void weightsThatDivergedAreNotTakenForBadData() throws IOException {
    CommandLineResult result = evaluate(divergedModel(), folder.resolve("diverged"));
    assertThat(result.err()).contains("The policy has diverged: its logits at token 0");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.status()).isEqualTo(2);
  }
}
