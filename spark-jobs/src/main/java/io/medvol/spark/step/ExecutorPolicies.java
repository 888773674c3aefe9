package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.PolicyFile;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The policies this JVM has read from storage: read by the first task that needs one, kept for the
 * others, and let go once the driver has deleted its file and another one is read.
 *
 * <p>Static because Spark gives tasks of one executor nothing else in common. Thread-safe.
 */
final class ExecutorPolicies {
  private static final Map<StoredPolicy, PolicyState> KEPT = new HashMap<>();

  private ExecutorPolicies() {}

  /**
   * @throws MedVolException RESOURCE if the file cannot be read here, MALFORMED_DATA if it does not
   *     hold this policy
   */
  static PolicyState of(StoredPolicy file) {
    synchronized (KEPT) {
      PolicyState kept = KEPT.get(file);
      if (kept == null) {
        Storage storage = Storages.here(file.path());
        KEPT.keySet().removeIf(other -> isGone(storage, other));
        kept = read(storage, file);
        KEPT.put(file, kept);
      }
      return kept;
    }
  }

  private static boolean isGone(Storage storage, StoredPolicy file) {
    try {
      return !storage.exists(file.path());
    } catch (IOException e) {
      return false;
    }
  }

  private static PolicyState read(Storage storage, StoredPolicy file) {
    try {
      return PolicyFile.read(storage, file.path(), file.version(), file.digest(), file.length());
    } catch (IOException | MedVolException e) {
      if (e instanceof MedVolException known && known.code() == ErrorCode.MALFORMED_DATA) {
        throw known;
      }
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Policy file "
              + file.path()
              + " cannot be read by an executor ("
              + e.getMessage()
              + "). A policy this large travels through the run directory: put that where every"
              + " executor reaches it, such as hdfs:, s3a: or a shared disk.",
          e);
    }
  }

  /** Lets go of a policy in this JVM. */
  static void forget(StoredPolicy file) {
    synchronized (KEPT) {
      KEPT.remove(file);
    }
  }
}
