package io.medvol.grpo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDigests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RunOriginTest {
  private static final Map<String, String> SETTINGS =
      Map.of("grpo.seed", "1", "grpo.steps", "5", "rewards.weights.dice3d", "0.5");
  private static final Map<String, String> FILES =
      Map.of("config.json", "a", "tokenizer.json", "b");

  private static RunOrigin origin(Map<String, String> settings, Map<String, String> files) {
    return new RunOrigin(
        settings.toString(),
        files.toString(),
        new TreeMap<>(settings),
        new ModelDigests(new TreeMap<>(files)),
        new TreeSet<>(Set.of("cpu A")));
  }

  private static void assertRefused(RunOrigin saved, RunOrigin now, String sentence) {
    assertThatThrownBy(() -> saved.requireSame(now, MachineRule.SAME))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage(
            "The checkpoint in the run directory "
                + sentence
                + ". Give the same ones to resume it, or another run directory to start anew.");
  }

  @Test
  void settingsThatDifferAreNamedWithBothValues() {
    RunOrigin saved = origin(SETTINGS, FILES);
    saved.requireSame(origin(SETTINGS, FILES), MachineRule.SAME);
    assertRefused(
        saved,
        origin(Map.of("grpo.seed", "2", "grpo.steps", "5"), FILES),
        "was made with other settings: grpo.seed was 1, now 2;"
            + " rewards.weights.dice3d was 0.5, now absent");
  }

  @Test
  void moreStepsAreRefusedWithTheRule() {
    Map<String, String> longer = new TreeMap<>(SETTINGS);
    longer.put("grpo.steps", "6");
    assertRefused(
        origin(SETTINGS, FILES),
        origin(longer, FILES),
        "was made with other settings: grpo.steps was 5, now 6"
            + " (only a run with a constant learning rate can be given more steps)");
  }

  @Test
  void filesThatDifferAreNamed() {
    assertRefused(
        origin(SETTINGS, FILES),
        origin(SETTINGS, Map.of("config.json", "c", "chat_template.jinja", "d")),
        "began from another model: chat_template.jinja is new, config.json has changed,"
            + " tokenizer.json is gone");
  }

  @Test
  void anotherKindOfMachineIsRefusedUnlessAnyMayWork() {
    RunOrigin saved = origin(SETTINGS, FILES);
    RunOrigin now =
        new RunOrigin(
            saved.configDigest(),
            saved.initialDigest(),
            saved.settings(),
            saved.model(),
            new TreeSet<>(Set.of("cpu B")));
    assertThatThrownBy(() -> saved.requireSame(now, MachineRule.SAME))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage(
            "The run was computed on another kind of machine: cpu A, now cpu B. Resume it on the"
                + " first kind, or give up equal bytes by spark.machines=any.");
    saved.requireSame(now, MachineRule.ANY);
    assertThat(saved.workedOnBy(now.machines()).machines()).containsExactly("cpu A", "cpu B");
  }

  @Test
  void aCheckpointOfAnEarlierVersionIsReadAndComparedByItsDigests() throws IOException {
    String json =
        """
        {"step": 1, "policy_version": 1, "policy_digest": "p", "parameters": 3,
         "optimizer_updates": 1, "cursor": {"epoch": 0, "position": 1},
         "counters": {"scheduled": 1, "skipped": 0, "skipped_in_arow": 0,
                      "degenerate_in_arow": 0, "tokens": 5},
         "best": {"metric": null, "step": 0, "misses": 0}, "rollout_policy": null,
         "initial_digest": "i", "config_digest": "c"}
        """;
    RunOrigin saved = TrainerStateFile.parse(json.getBytes(StandardCharsets.UTF_8)).origin();
    assertThat(saved).isEqualTo(RunOrigin.of("c", "i"));
    RunOrigin now =
        new RunOrigin(
            "c",
            "i",
            new TreeMap<>(SETTINGS),
            new ModelDigests(new TreeMap<>(FILES)),
            new TreeSet<>(Set.of("cpu A")));
    saved.requireSame(now, MachineRule.SAME);
    assertRefused(
        saved, RunOrigin.of("d", "i"), "was made with other settings: their digest was c, now d");
  }
}
