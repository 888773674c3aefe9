package io.medvol.grpo.train;

import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.metrics.TrajectorySink;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a run leaves behind. Whoever makes it closes its sinks. */
public record RunOutputs(
    CheckpointStore checkpoints, MetricsSink metrics, TrajectorySink trajectories) {
  public RunOutputs {
    Objects.requireNonNull(checkpoints, "checkpoints");
    Objects.requireNonNull(metrics, "metrics");
    Objects.requireNonNull(trajectories, "trajectories");
  }

  /** What was told of the steps before this one and is gone, in a sentence. */
  public Optional<String> lostBefore(int step) {
    List<String> lost = new ArrayList<>();
    name("metrics.jsonl lacks", metrics.missingBefore(step), lost);
    name("trajectories are gone or damaged for", trajectories.missingBefore(step), lost);
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(", ", lost) + "; those steps are done and are not recorded again.");
  }

  private static void name(String what, Set<Integer> steps, List<String> lost) {
    if (steps.isEmpty()) {
      return;
    }
    List<Integer> sorted = steps.stream().sorted().toList();
    List<String> ranges = new ArrayList<>();
    int first = sorted.get(0);
    for (int i = 0; i < sorted.size(); i++) {
      int last = sorted.get(i);
      if (i + 1 == sorted.size() || sorted.get(i + 1) != last + 1) {
        ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
        first = i + 1 == sorted.size() ? first : sorted.get(i + 1);
      }
    }
    lost.add(what + " step " + String.join(", ", ranges));
  }
}
