package io.medvol.grpo.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesMetricsTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void everyStepIsALineThatBeginsWithIt() throws IOException {
    try (JsonLinesMetrics metrics = open()) {
      metrics.record(0, Map.of("reward", 0.5));
      metrics.record(1, Map.of("reward", 1));
    }
    assertThat(Files.readString(file))
        .isEqualTo("{\"step\":0,\"reward\":0.5}\n{\"step\":1,\"reward\":1}\n");
  }

  @Test
  void resumedRunReplacesTheStepsItMakesAgain() throws IOException {
    try (JsonLinesMetrics metrics = open()) {
      for (int step = 0; step < 4; step++) {
        metrics.record(step, Map.of("run", 1));
      }
    }
    try (JsonLinesMetrics metrics = open()) {
      metrics.discardFrom(2);
      metrics.record(2, Map.of("run", 2));
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"step\":0,\"run\":1}", "{\"step\":1,\"run\":1}", "{\"step\":2,\"run\":2}");
  }

  @Test
  void strangeFileIsNamedAndLeftAlone() throws IOException {
    for (String line : new String[] {"{\"step\":", "[]", "{\"loss\":1}", "null"}) {
      Files.writeString(file, line + "\n");
      assertThatThrownBy(this::open)
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(line);
      assertThat(Files.readString(file)).isEqualTo(line + "\n");
    }
  }

  private JsonLinesMetrics open() {
    return JsonLinesMetrics.open(new LocalStorage(), file.toString());
  }
}
