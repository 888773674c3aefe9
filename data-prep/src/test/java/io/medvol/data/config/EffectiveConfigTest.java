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
    assertThat(config.settingsWithout(List.of()).toString())
        .contains("prepare.salt")
        .doesNotContain("hush");
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

  @Test
  void secretsInsideOfOtherValuesAreNotWrittenEither() {
    Map<String, String> properties =
        Map.of(
            "spark.hadoop.fs.azure.account.key.acc.dfs.core.windows.net", "hush-1",
            "spark.hadoop.fs.azure.sas.c.acc.blob.core.windows.net", "hush-2",
            "spark.hadoop.fs.s3a.encryption.key", "hush-3",
            "spark.hadoop.fs.gs.auth.service.account.private.key", "hush-4",
            "spark.executor.extraJavaOptions",
                "-Xss2m -Djavax.net.ssl.keyStorePassword=hush-5,hush -Da.token='hush 6' -Dplain=kept",
            "spark.hadoop.fs.s3a.proxy", "http://hush-7:hush-8@proxy:8080/x",
            "spark.jars", "https://host/a.jar?sv=1&sig=hush-9&X-Amz-Signature=hush-10",
            "spark.hadoop.fs.s3a.aws.credentials.provider", "org.example.Provider",
            "spark.hadoop.fs.defaultFS", "abfss://container@account.dfs.core.windows.net/x");
    assertThat(new EffectiveConfig<>(new Submission("spark://hush-0:x@host:1", properties)).yaml())
        .contains("-Xss2m", "-Dplain=kept", "proxy:8080/x", "sv=1", "org.example.Provider")
        .contains("abfss://container@account")
        .doesNotContain("hush");
  }
}
