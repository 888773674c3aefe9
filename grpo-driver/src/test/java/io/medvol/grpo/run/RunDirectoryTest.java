package io.medvol.grpo.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path run;

  @Test
  void secondRunIsKeptOutUntilTheFirstEnds() {
    RunLock first = RunLock.acquire(run);
    assertThatThrownBy(() -> RunLock.acquire(run))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("Another run is writing to " + run);
    first.close();
    RunLock.acquire(run).close();
  }

  @Test
  void unwritableDirectoryIsNamed() throws IOException {
    Path file = Files.writeString(run.resolve("file"), "");
    assertThatThrownBy(() -> RunLock.acquire(file))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void summaryHoldsWhatScriptsRead() throws IOException {
    new RunSummary("grpo", 1.5, "abc", Map.of("reward", 0.5))
        .write(new LocalStorage(), run.toString());
    var json = new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    assertThat(json.get("command").asText()).isEqualTo("grpo");
    assertThat(json.get("seconds").asDouble()).isEqualTo(1.5);
    assertThat(json.get("config-digest").asText()).isEqualTo("abc");
    assertThat(json.get("metrics").get("reward").asDouble()).isEqualTo(0.5);
  }
}
