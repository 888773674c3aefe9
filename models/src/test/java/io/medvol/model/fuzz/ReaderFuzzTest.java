package io.medvol.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.fuzz.ReaderFuzz.Outcome;
import io.medvol.model.fuzz.ReaderFuzz.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run; the long one is a run of the benchmarks. */
class ReaderFuzzTest {
  private static final int FILES_PER_WEIGHT = 1;

  @TempDir Path folder;

  @Test
  void soundFilesAreAccepted() throws IOException {
    try (ReaderTargets targets = new ReaderTargets(folder)) {
      for (Target target : targets.all()) {
        Files.write(target.file(), target.original());
        Outcome outcome = ReaderFuzz.read(target, target.original().length);
        assertThat(outcome.broken()).as(target.file().toString()).isEmpty();
      }
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFilesAreAcceptedOrRefusedInASentence() throws IOException {
    ReaderFuzz fuzz = new ReaderFuzz(7);
    try (ReaderTargets targets = new ReaderTargets(folder)) {
      for (Target target : targets.all()) {
        for (int i = 0; i < target.weight() * FILES_PER_WEIGHT; i++) {
          Outcome outcome = fuzz.once(target);
          assertThat(outcome.broken()).as(target.name() + ", file " + i).isEmpty();
        }
      }
    }
  }
}
