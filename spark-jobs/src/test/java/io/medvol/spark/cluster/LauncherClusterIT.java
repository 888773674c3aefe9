package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.spark.cli.Launcher;
import io.medvol.spark.cli.RewardJar;
import io.medvol.spark.cli.SmallRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that {@code ./medvol} is given, without {@code spark-submit}. */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class LauncherClusterIT {
  @TempDir private Path folder;

  @Test
  void trainingWithARewardOfOnesOwnHasTheSameBytesOnEveryMaster() throws Exception {
    SmallRuns runs = new SmallRuns(folder);
    Path shards = runs.shards();
    Path model = runs.model();
    Launcher launcher =
        Launcher.in(folder).with("MEDVOL_CLASSPATH", RewardJar.write(folder).toString());
    Path here = folder.resolve("here");
    train(launcher, shards, model, here, "local[2]");
    Path localCluster = folder.resolve("local-cluster");
    train(launcher, shards, model, localCluster, "local-cluster[2,1,1024]");
    ClusterRuns.assertSameCheckpoint(localCluster, here, 1);
    Path standalone = folder.resolve("standalone");
    try (StandaloneCluster cluster = StandaloneCluster.start(folder, ClusterBuild.sparkHome(), 1)) {
      Path secret = folder.resolve("secret.yaml");
      Files.writeString(secret, properties(cluster.spark()));
      train(launcher, shards, model, standalone, cluster.master(), "--config", secret.toString());
    }
    ClusterRuns.assertSameCheckpoint(standalone, here, 1);
  }

  private static String properties(Map<String, String> spark) {
    return spark.entrySet().stream()
        .map(setting -> "    " + setting.getKey() + ": '" + setting.getValue() + "'\n")
        .collect(Collectors.joining("", "spark:\n  properties:\n", ""));
  }

  private static void train(
      Launcher launcher, Path shards, Path model, Path run, String master, String... more)
      throws Exception {
    List<String> arguments =
        SmallRuns.grpo(
            shards,
            model,
            run,
            "--master",
            master,
            "--set",
            "rewards.weights={format: 0.5, " + RewardJar.CLASS + ": 0.5}");
    arguments.addAll(List.of(more));
    Launcher.Result result = launcher.run(arguments);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Files.readString(run.resolve("metrics.jsonl")))
        .contains("rewards/" + RewardJar.CLASS + "/mean");
  }
}
