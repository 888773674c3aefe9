package io.medvol.grpo.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.checkpoint.TrainingState.Counters;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.optim.OptimizerState;
import io.medvol.model.directory.ModelDigests;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir Path run;

  @Test
  void stateComesBackAsItWas() {
    TrainingState state = state(3);
    store(2).save(state);
    assertThat(store(2).newest()).contains(state);
  }

  @Test
  void newRunHasNoCheckpoint() {
    assertThat(store(2).newest()).isEmpty();
  }

  @Test
  void onlyTheNewestAreKept() throws IOException {
    CheckpointStore store = store(2);
    for (int step = 1; step <= 4; step++) {
      store.save(state(step));
    }
    assertThat(folders()).containsExactly("step-000003", "step-000004");
    assertThat(store.newest()).contains(state(4));
  }

  @Test
  void checkpointWithoutManifestDoesNotExistAndIsRemoved() throws IOException {
    CheckpointStore store = store(3);
    store.save(state(1));
    store.save(state(2));
    Files.delete(file(2, "manifest.json"));
    assertThat(store.newest()).contains(state(1));
    assertThat(folders()).containsExactly("step-000001");
  }

  @Test
  void aFileThatIsCutLongerOrGoneIsRefusedByItsNameAndNothingIsRemoved() throws IOException {
    store(3).save(state(1));
    for (String name : names(2)) {
      byte[] content = Files.readAllBytes(file(2, name));
      for (int length : new int[] {0, content.length / 2, content.length - 1}) {
        Files.write(file(2, name), Arrays.copyOf(content, length));
        assertDamaged(name, "to resume from step-000001");
      }
      Files.write(file(2, name), (new String(content, ISO_8859_1) + "}").getBytes(ISO_8859_1));
      if (!name.equals("manifest.json")) {
        assertDamaged(name, "bytes, not " + content.length);
        Files.delete(file(2, name));
        assertDamaged(name, "it is gone");
      }
      Files.write(file(2, name), content);
    }
    assertThat(store(3).newest()).contains(state(2));
  }

  private void assertDamaged(String name, String what) throws IOException {
    assertThatThrownBy(store(3)::newest)
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
        .hasMessageContaining("step-000002/" + name + " is not what the run wrote")
        .hasMessageContaining(what);
    assertThat(folders()).containsExactly("step-000001", "step-000002");
  }

  @Test
  void damageToTheOnlyCheckpointDoesNotBeginTheRunAnew() throws IOException {
    store(3).save(state(1));
    Files.delete(file(1, "trainer_state.json"));
    assertThatThrownBy(store(3)::newest)
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("delete its folder to begin the run anew");
    assertThat(folders()).containsExactly("step-000001");
  }

  @Test
  void changedContentIsRefused() throws IOException {
    for (String name : names(2)) {
      if (name.equals("manifest.json")) {
        continue;
      }
      CheckpointStore store = store(3);
      store.save(state(2));
      byte[] content = Files.readAllBytes(file(2, name));
      content[content.length - 1] ^= 1;
      Files.write(file(2, name), content);
      assertThatThrownBy(store::newest)
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("SHA-256 differs");
    }
  }

  @Test
  void equalStatesGiveEqualBytes() throws IOException {
    store(3).save(state(2));
    List<String> names = names(2);
    Path copy = run.resolve("copy");
    TinyRun.checkpoints(copy, 3).save(state(2));
    for (String name : names) {
      assertThat(copy.resolve("checkpoints/step-000002").resolve(name))
          .hasSameBinaryContentAs(file(2, name));
    }
  }

  private CheckpointStore store(int keep) {
    return TinyRun.checkpoints(run, keep);
  }

  private List<String> names(int step) throws IOException {
    store(3).save(state(step));
    try (Stream<Path> files = Files.list(file(step, ""))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path file(int step, String name) {
    return run.resolve("checkpoints/step-00000" + step).resolve(name);
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static TrainingState state(int step) {
    return new TrainingState(
        step,
        PolicyState.of(step * 2L, new float[] {step, 0.1f, -3}),
        step % 2 == 0 ? null : PolicyState.of(step * 2L - 1, new float[] {step, 0.2f, 3}),
        new OptimizerState(
            step * 2L,
            FloatVector.wrap(new float[] {1, 2, 3}),
            FloatVector.wrap(new float[] {4, 5, Float.MIN_VALUE})),
        new SamplerCursor(1, 4),
        new Counters(step, 1, 0, 2, 12345678901L),
        step == 1 ? BestSoFar.NONE : new BestSoFar(0.25, step, 3),
        new RunOrigin(
            "config",
            "initial",
            new TreeMap<>(Map.of("grpo.seed", "1")),
            new ModelDigests(new TreeMap<>(Map.of("config.json", "abc"))),
            new TreeSet<>(Set.of("a machine"))));
  }
}
