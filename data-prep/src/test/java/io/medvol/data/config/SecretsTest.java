package io.medvol.data.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.authenticate.secret",
        "spark.ssl.keyPassword",
        "spark.ssl.ui.trustStorePassword",
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.session.token",
        "spark.hadoop.fs.s3a.server-side-encryption.key",
        "fs.azure.account.key.acc.dfs.core.windows.net",
        "fs.azure.account.oauth2.client.secret",
        "fs.azure.sas.fixed.token",
        "fs.gs.auth.service.account.private.key.id",
        "fs.swift.service.x.apikey",
      })
  void aNameOfASecretIsKnown(String name) {
    assertThat(Secrets.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.executor.memory",
        "spark.ssl.keyStore",
        "spark.ssl.keyStoreType",
        "spark.io.encryption.keySizeBits",
        "spark.io.encryption.enabled",
        "spark.hadoop.fs.s3a.aws.credentials.provider",
        "spark.kubernetes.authenticate.driver.oauthTokenFile",
        "spark.sql.session.timeZone",
      })
  void otherNamesAreShown(String name) {
    assertThat(Secrets.isSecret(name)).isFalse();
  }

  @Test
  void aMessageKeepsItsWords() {
    for (String message :
        new String[] {
          "Cannot read the tokenizer /m/tokenizer.json: it has no model",
          "/m/tokenizer.json has no token <|image_pad|>: expected one",
          "the template refuses these messages: no token",
          "spark.master is spark:/x, which Spark cannot use",
        }) {
      assertThat(Secrets.shown(message)).isEqualTo(message);
    }
    assertThat(Secrets.shown("spark.hadoop.fs.s3a.secret.key is 'hush'; allowed: a text"))
        .isEqualTo("spark.hadoop.fs.s3a.secret.key is " + Secrets.HIDDEN + "; allowed: a text");
    assertThat(Secrets.shown("'spark.properties={spark.a.token: hush, spark.b: kept}'"))
        .doesNotContain("hush")
        .contains("kept");
  }

  @Test
  void aLongTextTakesNoTime() {
    String text = "spark.a.".repeat(20_000) + "=" + "://".repeat(20_000) + "?a=".repeat(20_000);
    assertThat(Secrets.shown(text)).isNotEmpty();
  }
}
