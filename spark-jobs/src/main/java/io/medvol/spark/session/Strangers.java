package io.medvol.spark.session;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other people of this machine out of a session that is started here: its ports listen on
 * loopback, and whoever connects has to prove the secret of this run, which is never written down.
 * A cluster that was there before has a secret of its own, or none. From Java 24 on Spark cannot
 * keep a secret: it asks Hadoop 3.4 who runs, by a method that Java no longer supports.
 */
final class Strangers {
  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
  private static final int JAVA_WITHOUT_SECRETS = 24;
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String SECRET = "spark.authenticate.secret";
  private static final int SECRET_BYTES = 32;

  private Strangers() {}

  static void keepOut(SparkConf conf) {
    keepOut(conf, Runtime.version().feature());
  }

  static void keepOut(SparkConf conf, int java) {
    boolean keepsSecrets = java < JAVA_WITHOUT_SECRETS;
    if (!keepsSecrets && conf.getBoolean(AUTHENTICATE, false)) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "spark.authenticate needs a Java before "
              + JAVA_WITHOUT_SECRETS
              + ", not "
              + java
              + ": Hadoop 3.4 cannot keep the secret. Point JAVA_HOME at a JDK 17 or 21.");
    }
    String master = conf.get("spark.master");
    boolean startsExecutors = Masters.isClusterHere(master);
    if (!Masters.isLocal(master) && !startsExecutors) {
      return;
    }
    conf.setIfMissing("spark.driver.host", "127.0.0.1");
    conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    conf.setIfMissing("spark.ui.enabled", "false");
    if (!keepsSecrets) {
      LOG.warn(
          "With Java {} other users of this machine can reach this run's data: Spark cannot"
              + " authenticate there. Use a JDK 17 or 21 on a machine that others use.",
          java);
      return;
    }
    conf.setIfMissing(AUTHENTICATE, "true");
    if (!conf.getBoolean(AUTHENTICATE, true)) {
      return;
    }
    conf.setIfMissing("spark.network.crypto.enabled", "true");
    conf.setIfMissing("spark.network.crypto.saslFallback", "false");
    conf.setIfMissing("spark.io.encryption.enabled", "true");
    // On threads Spark makes the secret itself; executors get it in their environment.
    if (startsExecutors && !conf.contains(SECRET)) {
      byte[] secret = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      conf.set(SECRET, HexFormat.of().formatHex(secret));
    }
  }
}
