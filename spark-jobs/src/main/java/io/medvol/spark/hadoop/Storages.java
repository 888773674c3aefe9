package io.medvol.spark.hadoop;

import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Chooses the storage a path belongs to. */
public final class Storages {
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");
  private static final Pattern LOCAL_URI = Pattern.compile("(?i)file:/.*");

  private Storages() {}

  /** Hadoop's for a URI, the local disk for a plain path or a {@code file:} URI. */
  public static Storage of(String path, Configuration configuration) {
    return isRemote(path) ? new HadoopStorage(configuration) : new LocalStorage();
  }

  /** The same with the Hadoop settings of this JVM's application, on the driver or in a task. */
  public static Storage here(String path) {
    return of(path, isRemote(path) ? configuration() : new Configuration(false));
  }

  /** An executor's JVM has the application's settings in its Spark environment alone. */
  private static Configuration configuration() {
    SparkEnv env = SparkEnv.get();
    if (env == null) {
      HadoopUser.ensure();
    }
    return env == null
        ? SparkHadoopUtil.get().conf()
        : SparkHadoopUtil.get().newConfiguration(env.conf());
  }

  /** Whether the path leads away from the local disk. */
  public static boolean isRemote(String path) {
    return URI.matcher(path).matches() && !LOCAL_URI.matcher(path).matches();
  }

  /** The path without regard to where the process runs: URIs as they are, others made absolute. */
  public static String absolute(String path) {
    return URI.matcher(path).matches()
        ? path
        : Path.of(path).toAbsolutePath().normalize().toString();
  }

  /** The path as Spark takes it, for whom a plain one may mean HDFS. */
  public static String uri(String path) {
    if (URI.matcher(path).matches()) {
      return path;
    }
    String uri = Path.of(path).toAbsolutePath().normalize().toUri().toString();
    return uri.length() > 1 && uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }
}
