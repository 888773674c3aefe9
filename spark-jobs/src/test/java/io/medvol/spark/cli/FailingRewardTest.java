package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code medvol grpo} with a reward of the user that throws for one of sixteen answers, hangs for
 * one, and gives NaN for one.
 */
class FailingRewardTest {
  private static final int GENERATIONS = 16;
  private static final int STEPS = 2;

  @TempDir private static Path folder;

  @BeforeAll
  static void startSpark() {
    SharedSpark.session();
  }

  @Test
  void runAboutVolumesGoesOnAndItsTableAndMetricsTellWhatFailed() throws IOException {
    Path scans = folder.resolve("scans");
    Path model = folder.resolve("qwen3-vl");
    PhantomFolder.write(
        new LocalStorage(), scans.toString(), new PhantomConfig(1, 5, 8, 32, 32, 0.08, 25, 0.5));
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    check(train(scans, model, "rewards"));
  }

  @Test
  void runAboutPicturesDoesSoToo() throws IOException {
    Path pictures = folder.resolve("pictures");
    Path model = folder.resolve("qwen2-vl");
    run("pictures", "--output", pictures, "--model", model, "--set", "pictures.pictures=1");
    check(train(pictures, model, "choice"));
  }

  private static Path train(Path input, Path model, String rewards) {
    Path shards = folder.resolve(rewards + "-shards");
    Path run = folder.resolve(rewards + "-run");
    run("prepare", "--input", input, "--output", shards, "--set", "prepare.shown-slices=2");
    List<Object> arguments =
        new ArrayList<>(List.of("grpo", "--shards", shards, "--model", model, "--run", run));
    for (String setting :
        List.of(
            rewards + ".weights={numbered: 1.0}",
            rewards + ".term-timeout-seconds=0.3",
            rewards + ".term-retries=0",
            "grpo.steps=" + STEPS,
            "grpo.prompts-per-step=1",
            "grpo.partitions=1",
            "grpo.num-generations=" + GENERATIONS,
            "grpo.sampling.max-completion-length=6")) {
      arguments.addAll(List.of("--set", setting));
    }
    run(arguments.toArray());
    return run;
  }

  private static void run(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    CommandLineResult result = CommandLineResult.of(texts);
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }

  private static void check(Path run) throws IOException {
    List<Row> rows =
        SharedSpark.session()
            .read()
            .parquet(run.resolve("trajectories").toString())
            .selectExpr(
                "sample_index",
                "state",
                "failure",
                "advantage",
                "rewards['numbered'].status",
                "rewards['numbered'].extras['number']",
                "total")
            .collectAsList();
    assertThat(rows).hasSize(STEPS * GENERATIONS);
    for (Row row : rows) {
      String status =
          switch (row.getInt(0)) {
            case NumberedTerm.THROWS, NumberedTerm.NAN -> "ERROR";
            case NumberedTerm.HANGS -> "TIMEOUT";
            default -> "OK";
          };
      assertThat(row.getString(4)).isEqualTo(status);
      if (status.equals("OK")) {
        assertThat(row.getString(1)).isEqualTo("USED");
        assertThat(row.getDouble(3)).isNotZero();
        assertThat(row.getDouble(5)).isEqualTo(row.getInt(0));
      } else {
        assertThat(row.getString(1)).isEqualTo("FAILED");
        assertThat(row.getString(2)).contains("numbered");
        assertThat(row.getDouble(3)).isZero();
        assertThat(row.getDouble(6)).isNaN();
      }
    }
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(lines).hasSize(STEPS);
    for (String line : lines) {
      JsonNode metrics = new ObjectMapper().readTree(line);
      assertThat(metrics.get("failed_rewards").asInt()).isEqualTo(3);
      assertThat(metrics.get("rewards/numbered/error").asInt()).isEqualTo(2);
      assertThat(metrics.get("rewards/numbered/timeout").asInt()).isEqualTo(1);
      assertThat(metrics.get("loss").isNumber()).isTrue();
    }
    assertThat(run.resolve("checkpoints/step-00000" + STEPS + "/manifest.json")).exists();
  }
}
