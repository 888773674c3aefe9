package io.medvol.spark.job;

import io.medvol.grpo.metrics.MetricsSink;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Shows each step to the person who waits, and keeps the last one for the summary. */
final class ProgressMetrics implements MetricsSink {
  private static final List<String> SHOWN =
      List.of("loss", "reward", "reward_std", "kl", "entropy", "grad_norm");

  private final Progress progress;
  private final int steps;
  private final Set<String> said = new HashSet<>();
  private Map<String, Object> last = Map.of();

  ProgressMetrics(Progress progress, int steps) {
    this.progress = progress;
    this.steps = steps;
  }

  /** Metrics of the newest step; empty before the first. */
  Map<String, Object> last() {
    return last;
  }

  @Override
  public void record(int step, Map<String, Object> metrics) {
    last = new LinkedHashMap<>(metrics);
    if (last.remove(WARNING) instanceof String warning) {
      progress.warn(warning);
    }
    StringBuilder note = new StringBuilder();
    for (String name : SHOWN) {
      if (metrics.get(name) instanceof Double value) {
        note.append(String.format(Locale.ROOT, "%s %.4g  ", name, value));
      }
    }
    progress.update(step + 1L, steps, note.toString().strip());
    sayFailures(step, metrics);
  }

  /** Every reason once: the metrics have the failures of all steps. */
  private void sayFailures(int step, Map<String, Object> metrics) {
    if (metrics.get("failures") instanceof String failures) {
      String first = failures.lines().findFirst().orElse("");
      String reason = first.substring(first.indexOf(": ") + 1).strip();
      if (said.add(reason)) {
        progress.say(
            "  Step "
                + (step + 1)
                + " left "
                + metrics.get("failed_prompts")
                + " samples out that failed; the first: sample "
                + first);
      }
    }
    if (metrics.get("failed_rewards") instanceof Number count
        && count.longValue() > 0
        && said.add("failed_rewards")) {
      progress.say(
          "  Step "
              + (step + 1)
              + ": "
              + count
              + " completions have no usable reward; the trajectory table says why.");
    }
  }

  @Override
  public void discardFrom(int step) {
    if (step > 0) {
      progress.say("Resuming after step " + step + " of " + steps);
    }
  }

  @Override
  public void close() {}
}
