package io.medvol.data.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
  record Submission(String master, Map<String, String> properties) {
    static Submission defaults() {
      return new Submission("local", Map.of());
    }
  }

  record Keyed(@Secret String salt, int shown) {
    static Keyed defaults() {
      return new Keyed("public", 3);
    }
  }

  record Whole(Keyed prepare, List<Keyed> more) {
    static Whole defaults() {
      return new Whole(Keyed.defaults(), List.of());
    }
  }

  @Test
  void aMarkedSecretIsInNoText() {
    EffectiveConfig<Whole> config =
        new EffectiveConfig<>(new Whole(new Keyed("hush-1", 3), List.of(new Keyed("hush-2", 3))));
    assertThat(config.yaml()).contains("(set)").doesNotContain("hush");
    assertThat(config.canonicalJson()).doesNotContain("hush");
    assertThat(new EffectiveConfig<>(Keyed.defaults()).yaml()).contains("public");
  }

  @Test
  void aMarkedSecretStillTellsTwoConfigurationsApart() {
    EffectiveConfig<Keyed> one = new EffectiveConfig<>(new Keyed("hush-1", 3));
    EffectiveConfig<Keyed> two = new EffectiveConfig<>(new Keyed("hush-2", 3));
    assertThat(one.digest())
        .isEqualTo(new EffectiveConfig<>(new Keyed("hush-1", 3)).digest())
        .isNotEqualTo(two.digest())
        .isNotEqualTo(new EffectiveConfig<>(new Keyed("(set)", 3)).digest());
    assertThat(one.digestWithout(List.of("shown")))
        .isNotEqualTo(two.digestWithout(List.of("shown")));
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
