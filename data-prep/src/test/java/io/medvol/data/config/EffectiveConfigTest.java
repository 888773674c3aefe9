package io.medvol.data.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
  record Submission(String master, Map<String, String> properties) {
    static Submission defaults() {
      return new Submission("local", Map.of());
    }
  }

  @Test
  void secretsAreNotWritten() {
    Submission value =
        new Submission(
            "local",
            Map.of(
                "spark.hadoop.fs.s3a.secret.key", "hush-1",
                "spark.hadoop.fs.s3a.access.key", "hush-2",
                "spark.ssl.keyPassword", "hush-3",
                "spark.executor.memory", "8g"));
    assertThat(new EffectiveConfig<>(value).yaml())
        .contains("spark.hadoop.fs.s3a.secret.key", "redacted", "8g")
        .doesNotContain("hush");
  }
}
