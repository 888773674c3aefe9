package io.medvol.grpo.train;

import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.metrics.TrajectorySink;
import java.util.Objects;

/** What a run leaves behind. Whoever makes it closes its sinks. */
public record RunOutputs(
    CheckpointStore checkpoints, MetricsSink metrics, TrajectorySink trajectories) {
  public RunOutputs {
    Objects.requireNonNull(checkpoints, "checkpoints");
    Objects.requireNonNull(metrics, "metrics");
    Objects.requireNonNull(trajectories, "trajectories");
  }
}
