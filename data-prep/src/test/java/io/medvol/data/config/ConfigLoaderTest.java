package io.medvol.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  enum Scale {
    GROUP,
    DR_GRPO
  }

  @ConfigDescription("How the optimiser moves.")
  record Optimizer(
      @ConfigDescription("Step size, above 0.") double learningRate,
      List<Double> betas,
      Scale scale) {
    Optimizer {
      ConfigLimits.check()
          .above("learning-rate", learningRate, 0)
          .satisfies("betas", betas, b -> b.size() == 2, "two numbers")
          .orThrow();
    }
  }

  record Run(
      @ConfigDescription("Updates of the policy, at least 1.") int steps,
      long seed,
      String name,
      Optional<String> note,
      Duration timeout,
      Optimizer optimizer,
      Map<String, Double> weights,
      BoxRule boxRule) {
    Run {
      ConfigLimits.check().atLeast("steps", steps, 1).orThrow();
    }

    static Run defaults() {
      return new Run(
          10,
          1,
          "run",
          Optional.empty(),
          Duration.ofSeconds(30),
          new Optimizer(1e-5, List.of(0.9, 0.999), Scale.GROUP),
          Map.of("format", 0.25),
          new BoxRule.Single());
    }
  }

  record Device(String name, Integer index) {
    static Device defaults() {
      return new Device(null, 0);
    }
  }

  record Query(String target, List<Integer> labels, Optional<BoxRule> boxRule) {}

  record Queries(List<Query> queries) {}

  private static ConfigLoader<Run> yaml(String... lines) {
    return ConfigLoader.of(Run.class).withYaml("run.yaml", String.join("\n", lines));
  }

  private static MedVolException failure(ConfigLoader<?> loader) {
    return catchThrowableOfType(MedVolException.class, loader::load);
  }

  @Test
  void ofManyProblemsTheFirstAreToldAndTheOthersCounted() {
    String[] lines = new String[100_000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "key" + i + ": 1";
    }
    assertThat(failure(yaml(lines)).getMessage().lines())
        .hasSize(22)
        .startsWith("The configuration has 100000 problems:")
        .endsWith("  and 99980 more");
  }

  @Test
  void missingKeysTakeTheirDefaults() {
    assertThat(ConfigLoader.of(Run.class).load().value()).isEqualTo(Run.defaults());
    assertThat(yaml("").load().value()).isEqualTo(Run.defaults());
    assertThat(yaml("optimizer:", "  learning-rate: 3e-4").load().value().optimizer())
        .isEqualTo(new Optimizer(3e-4, List.of(0.9, 0.999), Scale.GROUP));
  }

  @Test
  void explicitValuesAreBoundByTheTypeOfTheirKey() {
    Run run =
        yaml(
                "steps: 1_000",
                "seed: -9223372036854775808",
                "name: no",
                "note: 007",
                "timeout: 5m",
                "weights: {axial: 0.5}",
                "box-rule: {components: {min-pixels: 4, max-boxes: 3}}",
                "optimizer:",
                "  betas: [0.9, 1e-3]",
                "  scale: dr_grpo")
            .load()
            .value();
    assertThat(run.steps()).isEqualTo(1000);
    assertThat(run.seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(run.name()).isEqualTo("no");
    assertThat(run.note()).contains("007");
    assertThat(run.timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(run.weights()).isEqualTo(Map.of("format", 0.25, "axial", 0.5));
    assertThat(run.boxRule()).isEqualTo(new BoxRule.Components(4, 3));
    assertThat(run.optimizer().betas()).containsExactly(0.9, 1e-3);
    assertThat(run.optimizer().scale()).isEqualTo(Scale.DR_GRPO);
  }

  @Test
  void settingsWinOverTheFileAndLaterFilesOverEarlierOnes() {
    Run run =
        yaml("steps: 2", "seed: 3", "name: a")
            .withYaml("profile.yaml", "seed: 4\nname: b\n")
            .withSettings(List.of("name=c", "optimizer.betas=[0.5, 0.6]", "note="))
            .load()
            .value();
    assertThat(run.steps()).isEqualTo(2);
    assertThat(run.seed()).isEqualTo(4);
    assertThat(run.name()).isEqualTo("c");
    assertThat(run.optimizer().betas()).containsExactly(0.5, 0.6);
    assertThat(run.note()).isEmpty();
  }

  @Test
  void everyProblemIsReportedAtOnceWithKeyPlaceValueAndWhatIsAllowed() {
    MedVolException failure =
        failure(
            yaml(
                    "steps: 0",
                    "sead: 3",
                    "timeout: soon",
                    "optimizer:",
                    "  learning-rate: -1",
                    "  betas: 3",
                    "  scale: none",
                    "  momentum: 0.9",
                    "name: a",
                    "name: b",
                    "box-rule: circles")
                .withSettings(List.of("weights.axial=high", "nonsense")));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(failure.getMessage().lines())
        .containsExactlyInAnyOrder(
            "The configuration has 11 problems:",
            "  - steps (run.yaml:1): is 0; allowed: at least 1",
            "  - sead (run.yaml:2): is an unknown key; did you mean seed?",
            "  - timeout (run.yaml:3): is 'soon'; allowed: a duration such as 500ms, 30s, 5m, 2h"
                + " or 1d",
            "  - optimizer.learning-rate (run.yaml:5): is -1; allowed: above 0",
            "  - optimizer.betas (run.yaml:6): is '3'; allowed: a list",
            "  - optimizer.scale (run.yaml:7): is 'none'; allowed: one of group, dr-grpo",
            "  - optimizer.momentum (run.yaml:8): is an unknown key; known keys: learning-rate,"
                + " betas, scale",
            "  - name (run.yaml:10): The key is given twice",
            "  - box-rule (run.yaml:11): is 'circles'; allowed: one of single, components",
            "  - weights.axial (--set weights.axial:1): is 'high'; allowed: a number",
            "  - 'nonsense' is no setting; allowed: key=value, as in a.b=3 (--set)");
  }

  @Test
  void numbersMustFitTheirTypeAndBeFinite() {
    assertThat(failure(yaml("steps: 2147483648"))).hasMessageContaining("a whole number");
    assertThat(failure(yaml("steps: 1.5"))).hasMessageContaining("steps (run.yaml:1): is '1.5'");
    assertThat(failure(yaml("seed: " + "9".repeat(5000)))).hasMessageContaining("a whole number");
    for (String value : List.of(".nan", ".inf", "1e999", "NaN", "0x10", "")) {
      assertThat(failure(yaml("optimizer: {learning-rate: " + value + "}")))
          .as(value)
          .hasMessageContaining("optimizer.learning-rate (run.yaml:1)")
          .hasMessageContaining("allowed: a number");
    }
  }

  @Test
  void brokenFilesGiveOneSentence(@TempDir Path folder) throws Exception {
    assertThat(failure(yaml("steps: [1,"))).hasMessageContaining("not readable YAML");
    assertThat(failure(yaml("- 1"))).hasMessageContaining("not a group of keys");
    assertThat(failure(yaml("steps: 1", "---", "steps: 2"))).hasMessageContaining("one YAML");
    assertThat(failure(yaml("name: &a x", "note: *a"))).hasMessageContaining("aliases");
    assertThat(failure(yaml("note: " + "[".repeat(200) + "]".repeat(200))))
        .hasMessageContaining("deeper");
    Path absent = folder.resolve("absent.yaml");
    assertThatThrownBy(() -> ConfigLoader.of(Run.class).withFile(absent))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("absent.yaml does not exist");
    Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> ConfigLoader.of(Run.class).withFile(binary))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("not UTF-8");
    Path marked = Files.writeString(folder.resolve("c.yaml"), "\uFEFFqueries: []\n");
    assertThat(ConfigLoader.of(Queries.class).withFile(marked).load().value().queries()).isEmpty();
  }

  @Test
  void aRecordWithoutDefaultsNeedsItsKeys() {
    ConfigLoader<Queries> loader = ConfigLoader.of(Queries.class);
    assertThat(loader.load().value().queries()).isEmpty();
    assertThat(
            loader
                .withYaml("d.yaml", "queries: [{target: liver, labels: [5]}]")
                .load()
                .value()
                .queries())
        .containsExactly(new Query("liver", List.of(5), Optional.empty()));
    assertThat(
            failure(
                loader.withYaml(
                    "d.yaml",
                    "queries:\n- {labels: [5]}\n- {target: x, labels: [a], box-rule: {components:"
                        + " {min-pixels: 0, max-boxes: 1}}}")))
        .hasMessageContaining("queries[0].target (d.yaml:2): is missing and has no default")
        .hasMessageContaining("queries[1].labels[0] (d.yaml:3): is 'a'")
        .hasMessageContaining("queries[1].box-rule.components (d.yaml:3): Components needs");
  }

  @Test
  void aDefaultOfNullMakesAKeyOptional() {
    ConfigLoader<Device> loader = ConfigLoader.of(Device.class);
    assertThat(loader.load().value()).isEqualTo(new Device(null, 0));
    assertThat(loader.withSettings(List.of("name=gpu")).load().value().name()).isEqualTo("gpu");
    assertThat(loader.withYaml("d", "name: a").withSettings(List.of("name=")).load().yaml())
        .isEqualTo("index: 0\n");
    assertThat(failure(loader.withSettings(List.of("index="))))
        .hasMessageContaining("index (--set): is empty; allowed: a whole number");
  }

  @Test
  void anEntryOfADefaultMapIsDroppedByNamingItWithoutAValueAndStaysSo() {
    EffectiveConfig<Run> kept = yaml("weights: {axial: 0.5}").load();
    EffectiveConfig<Run> dropped =
        yaml("weights: {axial: 0.5}").withSettings(List.of("weights.format=")).load();
    assertThat(kept.value().weights()).containsOnlyKeys("format", "axial");
    assertThat(dropped.value().weights()).isEqualTo(Map.of("axial", 0.5));
    assertThat(dropped.digest()).isNotEqualTo(kept.digest());
    EffectiveConfig<Run> again =
        ConfigLoader.of(Run.class).withYaml("effective", dropped.yaml()).load();
    assertThat(again.value()).isEqualTo(dropped.value());
    assertThat(again.digest()).isEqualTo(dropped.digest());
    assertThat(failure(yaml("weights: {spatial: }")))
        .hasMessageContaining("weights.spatial")
        .hasMessageContaining("is empty");
  }

  @Test
  void theEffectiveConfigReadsBackToItselfAndKeepsItsDigest() {
    EffectiveConfig<Run> effective =
        yaml(
                "note: 'a: b'",
                "timeout: 90s",
                "box-rule: {components: {min-pixels: 4, max-boxes: 3}}")
            .load();
    EffectiveConfig<Run> again =
        ConfigLoader.of(Run.class).withYaml("effective", effective.yaml()).load();
    assertThat(again.value()).isEqualTo(effective.value());
    assertThat(again.digest()).isEqualTo(effective.digest()).hasSize(64);
    assertThat(yaml("seed: 2").load().digest()).isNotEqualTo(yaml("seed: 3").load().digest());
    assertThat(yaml("seed: 1").load().digest()).isEqualTo(yaml("").load().digest());
    assertThat(yaml("").load().canonicalJson())
        .isEqualTo(
            "{\"box-rule\":\"single\",\"name\":\"run\",\"optimizer\":{\"betas\":[0.9,0.999],"
                + "\"learning-rate\":1.0E-5,\"scale\":\"group\"},\"seed\":1,\"steps\":10,"
                + "\"timeout\":\"30s\",\"weights\":{\"format\":0.25}}");
  }

  @Test
  void theReferenceListsEveryKey() {
    assertThat(ConfigReference.markdown(Run.class).lines())
        .contains(
            "| `steps` | a whole number | `10` | Updates of the policy, at least 1. |",
            "| `note` | a text, optional |  |  |",
            "| `timeout` | a duration such as 500ms, 30s, 5m, 2h or 1d | `30s` |  |",
            "| `box-rule` | one of single, components | `single` |  |",
            "## optimizer",
            "How the optimiser moves.",
            "| `optimizer.learning-rate` | a number | `1.0E-5` | Step size, above 0. |",
            "| `optimizer.scale` | one of group, dr-grpo | `group` |  |");
    assertThat(ConfigReference.markdown(Queries.class).lines())
        .contains("## queries[]", "| `queries[].target` | a text | required |  |");
  }

  @Test
  void aDigestCanLeaveOutKeysThatDoNotMatter() {
    List<String> left = List.of("steps", "optimizer.scale", "absent.key");
    String digest = yaml("").load().digestWithout(left);
    assertThat(yaml("steps: 3", "optimizer: {scale: dr-grpo}").load().digestWithout(left))
        .isEqualTo(digest);
    assertThat(yaml("seed: 3").load().digestWithout(left)).isNotEqualTo(digest);
    assertThat(yaml("").load().digestWithout(List.of())).isEqualTo(yaml("").load().digest());
  }
}
