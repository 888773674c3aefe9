package io.medvol.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Which sessions have a secret. */
class StrangersTest {
  private static SparkConf conf(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  @Test
  void sessionsOfThisMachineAreAuthenticatedUpToJava23() {
    SparkConf conf = conf("local[2]");
    Strangers.keepOut(conf, 23);
    assertThat(conf.get("spark.authenticate")).isEqualTo("true");
    assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
  }

  @Test
  void javaThatCannotKeepASecretStaysOnLoopback() {
    SparkConf conf = conf("local[2]");
    Strangers.keepOut(conf, 24);
    assertThat(conf.contains("spark.authenticate")).isFalse();
    assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
  }

  @Test
  void aSecretThatJavaCannotKeepIsRefused() {
    SparkConf conf = conf("spark://127.0.0.1:7077").set("spark.authenticate", "true");
    assertThatThrownBy(() -> Strangers.keepOut(conf, 25))
        .hasMessage(
            "spark.authenticate needs a Java before 24, not 25: Hadoop 3.4 cannot keep the secret."
                + " Point JAVA_HOME at a JDK 17 or 21.");
  }
}
