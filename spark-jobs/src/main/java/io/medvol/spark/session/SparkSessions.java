package io.medvol.spark.session;

import io.medvol.data.config.Secrets;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.hadoop.HadoopUser;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.serde.MedVolKryoRegistrator;
import java.io.File;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** Makes the session a job runs in. */
public final class SparkSessions {
  /** System property: class path of the application, as {@code ./medvol} started it. */
  private static final String APPLICATION = "medvol.application";

  /** As {@code ./medvol} and deploy/spark-submit.sh give them to the driver. */
  private static final String EXECUTOR_OPTIONS =
      "--sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false -Dai.djl.offline=true"
          + " -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1";

  private SparkSessions() {}

  /**
   * Opens a session, or joins the one this JVM has. Settings by rising precedence: ours, the
   * configuration's, {@code spark-submit}'s; for the master the command's own option comes first.
   *
   * @param master of the command's option
   * @throws MedVolException (INVALID_CONFIG) if the master is not one Spark knows, (RESOURCE) if it
   *     does not answer or this machine lacks what Spark needs
   */
  public static SparkScope open(String name, SparkConfig config, Optional<String> master) {
    SparkConf conf = new SparkConf();
    config.properties().forEach(conf::setIfMissing);
    master.ifPresent(url -> conf.set("spark.master", url));
    conf.setIfMissing("spark.master", config.master());
    conf.setIfMissing("spark.app.name", name);
    conf.set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    conf.set("spark.kryo.registrator", MedVolKryoRegistrator.class.getName());
    conf.set("spark.kryo.registrationRequired", "true");
    conf.set("spark.sql.session.timeZone", "UTC");
    conf.setIfMissing("spark.sql.debug.maxToStringFields", "200");
    // One thread of tensor operations a task: results do not depend on how many run at once.
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
    conf.setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
    // Java reads names of files in the encoding of the locale.
    conf.setIfMissing("spark.executorEnv.LC_ALL", "C.UTF-8");
    // Weights and gradients do not compress, and a small gradient is spared a second round trip.
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.shuffle.compress", "false");
    conf.setIfMissing("spark.task.maxDirectResultSize", "16m");
    conf.setIfMissing("spark.metrics.namespace", "medvol");
    // The same names are hidden in Spark's pages, logs and events as in ours.
    conf.setIfMissing("spark.redaction.regex", Secrets.NAMES);
    String url = conf.get("spark.master");
    boolean ours = SparkSession.getDefaultSession().isEmpty();
    if (ours) {
      Masters.require(url);
      Masters.requireMemory(conf, url);
      DriverResources.require(conf);
      HadoopUser.ensure();
      Strangers.keepOut(conf);
    }
    if (!Masters.isLocal(url)) {
      giveApplication(conf, url);
    }
    try {
      return new SparkScope(SparkSession.builder().config(conf).getOrCreate(), ours);
    } catch (RuntimeException e) {
      if (isUnknownMaster(e)) {
        throw new MedVolException(
            ErrorCode.INVALID_CONFIG,
            "spark.master is "
                + url
                + ", which Spark cannot use ("
                + e.getMessage()
                + "); give local[2], local-cluster[2,1,1024], spark://HOST:PORT, yarn or"
                + " k8s://URL.",
            e);
      }
      throw e;
    }
  }

  /**
   * The storage a path belongs to, before there is a session: with Hadoop's settings of the
   * configuration, and of {@code spark-submit}.
   */
  public static Storage storage(String path, SparkConfig config) {
    if (!Storages.isRemote(path)) {
      return new LocalStorage();
    }
    HadoopUser.ensure();
    SparkConf conf = new SparkConf();
    config.properties().forEach(conf::setIfMissing);
    return Storages.of(path, SparkHadoopUtil.get().newConfiguration(conf));
  }

  /**
   * What spark-submit does for executors: the application, which those of this machine find where
   * the driver has it, and the options of their JVMs.
   */
  private static void giveApplication(SparkConf conf, String master) {
    String application = System.getProperty(APPLICATION);
    if (application == null) {
      return;
    }
    if (Masters.isClusterHere(master)) {
      conf.setIfMissing("spark.executor.extraClassPath", application);
    } else {
      conf.setIfMissing("spark.jars", application.replace(File.pathSeparatorChar, ','));
    }
    conf.setIfMissing("spark.executor.extraJavaOptions", EXECUTOR_OPTIONS);
  }

  private static boolean isUnknownMaster(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkException && String.valueOf(cause.getMessage()).contains("aster")) {
        return true;
      }
    }
    return false;
  }
}
