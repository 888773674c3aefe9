package io.medvol.spark.step;

import io.medvol.rollout.trajectory.PolicyState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The policies the executors hold: one broadcast for each, shared by the phases of a step, and
 * destroyed when a phase no longer names it. One thread.
 */
final class PolicyBroadcasts {
  private final JavaSparkContext spark;
  private final Map<String, Broadcast<PolicyState>> live = new HashMap<>();

  PolicyBroadcasts(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Makes these the only policies that are broadcast, but for those to be kept. */
  void keepOnly(List<PolicyState> policies, Set<String> keptDigests) {
    Set<String> wanted = new HashSet<>(keptDigests);
    policies.forEach(policy -> wanted.add(policy.digest()));
    Iterator<Map.Entry<String, Broadcast<PolicyState>>> entries = live.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Broadcast<PolicyState>> entry = entries.next();
      if (!wanted.contains(entry.getKey())) {
        entry.getValue().destroy();
        entries.remove();
      }
    }
  }

  Broadcast<PolicyState> of(PolicyState policy) {
    return live.computeIfAbsent(policy.digest(), digest -> spark.broadcast(policy));
  }

  void destroyAll() {
    live.values().forEach(Broadcast::destroy);
    live.clear();
  }
}
