package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.PolicyFile;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies the executors may ask for: a broadcast or a file for each, shared by the phases of a
 * step, and gone when no phase needs it. The reference of a KL term stays to the end. Thread-safe.
 */
final class PolicyTransport {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyTransport.class);

  private final JavaSparkContext spark;
  private final StepTraffic traffic;
  private final Map<String, SentPolicy> live = new HashMap<>();
  private final List<String> held = new ArrayList<>();
  private Set<String> kept = Set.of();
  private boolean cleared;

  PolicyTransport(JavaSparkContext spark, StepTraffic traffic) {
    this.spark = spark;
    this.traffic = traffic;
  }

  /**
   * Sends a policy if it is not there yet, and takes back those that no phase holds.
   *
   * @throws MedVolException (RESOURCE) if a large one cannot be written to the folder
   */
  synchronized SentPolicy hold(PolicyState policy) {
    held.add(name(policy));
    live.forEach(
        (name, sent) -> {
          if (!held.contains(name) && !kept.contains(name)) {
            takeBack(sent);
          }
        });
    live.keySet().removeIf(name -> !held.contains(name) && !kept.contains(name));
    return live.computeIfAbsent(name(policy), any -> send(policy));
  }

  /** Ends what {@link #hold} began; the policy stays until another one is held. */
  synchronized void release(PolicyState policy) {
    held.remove(name(policy));
  }

  /** Sends the reference of a run. */
  synchronized SentPolicy keep(PolicyState reference) {
    kept = Set.of(name(reference));
    return live.computeIfAbsent(name(reference), any -> send(reference));
  }

  /** An update that moves nothing gives a policy of another version with the same digest. */
  private static String name(PolicyState policy) {
    return policy.version() + "-" + policy.digest();
  }

  private SentPolicy send(PolicyState policy) {
    long bytes = (long) Float.BYTES * policy.parameters().length();
    return traffic
        .folder()
        .filter(folder -> bytes > traffic.mostBroadcastBytes())
        .<SentPolicy>map(folder -> new SentPolicy.ByFile(write(policy, folder)))
        .orElseGet(() -> new SentPolicy.ByBroadcast(spark.broadcast(policy)));
  }

  private StoredPolicy write(PolicyState policy, StepTraffic.PolicyFolder folder) {
    String path = Storage.join(folder.path(), name(policy) + ".safetensors");
    try {
      clearOnce(folder);
      PolicyFile.write(folder.storage(), path, policy);
      return new StoredPolicy(
          path, policy.version(), policy.digest(), policy.parameters().length());
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Cannot write policy "
              + path
              + ": "
              + e.getMessage()
              + ". Check space and permissions of the run directory, then run again; it resumes"
              + " from its newest checkpoint.",
          e);
    }
  }

  /** A driver that was killed has left its files. */
  private void clearOnce(StepTraffic.PolicyFolder folder) throws IOException {
    if (!cleared) {
      folder.storage().delete(folder.path());
      cleared = true;
    }
  }

  /** A file that stays for now goes with the folder: no reason to end a run. */
  private void takeBack(SentPolicy policy) {
    if (policy instanceof SentPolicy.ByBroadcast sent) {
      sent.broadcast().destroy();
    } else if (policy instanceof SentPolicy.ByFile sent) {
      ExecutorPolicies.forget(sent.file());
      traffic.folder().ifPresent(folder -> delete(folder.storage(), sent.file().path()));
    }
  }

  private static void delete(Storage storage, String path) {
    try {
      storage.delete(path);
    } catch (IOException | MedVolException e) {
      LOG.warn("Cannot remove {}, which nothing needs any more", path, e);
    }
  }

  /** Takes all of them back, and what a driver that was killed has left. */
  synchronized void close() {
    live.values().forEach(this::takeBack);
    live.clear();
    traffic.folder().ifPresent(folder -> delete(folder.storage(), folder.path()));
  }
}
