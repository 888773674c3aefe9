package io.medvol.spark.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.spark.SparkConf;

/**
 * Keeps other people of this machine out of a session that is started here: its ports listen on
 * loopback, and whoever connects has to prove the secret of this run, which is never written down.
 * A cluster that was there before has a secret of its own, or none.
 */
final class Strangers {
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String SECRET = "spark.authenticate.secret";
  private static final int SECRET_BYTES = 32;

  private Strangers() {}

  static void keepOut(SparkConf conf) {
    String master = conf.get("spark.master");
    boolean startsExecutors = Masters.isClusterHere(master);
    if (!Masters.isLocal(master) && !startsExecutors) {
      return;
    }
    conf.setIfMissing("spark.driver.host", "127.0.0.1");
    conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    conf.setIfMissing("spark.ui.enabled", "false");
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
