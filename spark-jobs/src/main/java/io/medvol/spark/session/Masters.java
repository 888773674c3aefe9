package io.medvol.spark.session;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.spark.hadoop.HadoopUser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.ExternalClusterManager;

/** Tells whether a Spark master can be had, before Spark waits for it. */
public final class Masters {
  private static final Pattern LOCAL =
      Pattern.compile("local|local\\[(?:\\*|[1-9][0-9]*)(?:\\s*,\\s*[0-9]+)?]");
  private static final Pattern CLUSTER_HERE =
      Pattern.compile("local-cluster\\[\\s*[0-9]+\\s*,\\s*[0-9]+\\s*,\\s*([0-9]{1,12})\\s*]");
  private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
  private static final Pattern ADDRESS =
      Pattern.compile("([^:/@]+|\\[[0-9a-fA-F:]+]):([0-9]{1,5})");
  private static final int PATIENCE_MILLIS = 3000;
  private static final String EXECUTOR_MEMORY = "1g";
  private static final int LAST_PORT = 65535;

  private Masters() {}

  /** Whether tasks run in the driver's JVM. */
  public static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  /** Whether executors are processes of this machine that end with the driver. */
  static boolean isClusterHere(String master) {
    return master.startsWith("local-cluster[");
  }

  /**
   * Ends quietly if a session can be asked of the master.
   *
   * @throws MedVolException INVALID_CONFIG if it is none this program can use, RESOURCE if it does
   *     not answer
   */
  public static void require(String master) {
    if (LOCAL.matcher(master).matches()) {
      return;
    }
    Matcher standalone = STANDALONE.matcher(master);
    if (standalone.matches()) {
      requireAnswer(master, standalone.group(1));
    } else if (CLUSTER_HERE.matcher(master).matches()) {
      requireInstallation(master);
    } else if (!isOfAnotherManager(master)) {
      throw unusable(master);
    }
  }

  /** YARN's, Kubernetes' or any other whose library is on the class path. */
  private static boolean isOfAnotherManager(String master) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    for (ExternalClusterManager manager :
        ServiceLoader.load(ExternalClusterManager.class, loader)) {
      if (manager.canCreate(master)) {
        return true;
      }
    }
    return false;
  }

  private static MedVolException unusable(String master) {
    String instead =
        master.startsWith("yarn") || master.startsWith("k8s://")
            ? "which needs the libraries of a Spark installation; run MASTER="
                + master
                + " deploy/spark-submit.sh COMMAND ... with SPARK_HOME set."
            : "which Spark does not know; give local[2], local-cluster[2,1,1024], spark://HOST:PORT,"
                + " or with deploy/spark-submit.sh also yarn or k8s://URL.";
    return new MedVolException(
        ErrorCode.INVALID_CONFIG, "spark.master is " + master + ", " + instead);
  }

  /** Whether its workers can hold an executor. */
  static void requireMemory(SparkConf conf, String master) {
    Matcher cluster = CLUSTER_HERE.matcher(master);
    if (cluster.matches()) {
      long asked = conf.getSizeAsMb("spark.executor.memory", EXECUTOR_MEMORY);
      long given = Long.parseLong(cluster.group(1));
      if (given < asked) {
        throw new MedVolException(
            ErrorCode.INVALID_CONFIG,
            "spark.master is %s, whose workers have %d MiB, and spark.executor.memory is %d MiB; raise the first or lower the second."
                .formatted(master, given, asked));
      }
    }
  }

  private static void requireInstallation(String master) {
    if (!HadoopUser.isNamed()) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "spark.master is "
              + master
              + ", whose executors need a user with a name, and the system has none for this one;"
              + " give local[2], or add the user to /etc/passwd.");
    }
    if (System.getenv("SPARK_HOME") == null) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "spark.master is "
              + master
              + ", whose executors start from a Spark installation, and SPARK_HOME is not set; give"
              + " the master to ./medvol as --master "
              + master
              + ".");
    }
  }

  private static void requireAnswer(String master, String addresses) {
    IOException silence = null;
    for (String address : addresses.split(",", -1)) {
      Matcher parts = ADDRESS.matcher(address.strip());
      if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
        throw new MedVolException(
            ErrorCode.INVALID_CONFIG,
            "spark.master is "
                + master
                + "; expected spark://HOST:PORT, such as spark://head:7077.");
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2))),
            PATIENCE_MILLIS);
        return;
      } catch (IOException e) {
        silence = e;
      }
    }
    throw new MedVolException(
        ErrorCode.RESOURCE,
        "Spark master "
            + master
            + " does not answer ("
            + reason(silence)
            + "): is it started, and is the port open?",
        silence);
  }

  private static String reason(IOException failure) {
    return failure instanceof UnknownHostException ? "unknown host" : failure.getMessage();
  }
}
