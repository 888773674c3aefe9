package io.medvol.spark.step;

import io.medvol.rollout.trajectory.PolicyState;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/** A policy as tasks name it: its parameters come once to an executor's JVM, not with each task. */
sealed interface SentPolicy extends Serializable {
  /** The policy itself, in a task. */
  PolicyState value();

  /** One that Spark broadcasts. */
  record ByBroadcast(Broadcast<PolicyState> broadcast) implements SentPolicy {
    @Override
    public PolicyState value() {
      return broadcast.value();
    }
  }

  /** One that each executor reads from the run's storage, and knows by its digest. */
  record ByFile(StoredPolicy file) implements SentPolicy {
    @Override
    public PolicyState value() {
      return ExecutorPolicies.of(file);
    }
  }
}
