package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.reward.metric.HierarchicalClass;
import java.util.HashSet;
import java.util.List;

/** How held-out samples are answered. */
@ConfigDescription("How held-out samples are answered: greedily, one answer each.")
public record EvaluationConfig(
    @ConfigDescription(
            "Samples answered, at least 1, spread evenly over scans or pictures; all of them if"
                + " there are fewer.")
        int maxSamples,
    @ConfigDescription("Most tokens of an answer, at least 1.") int maxCompletionLength,
    @ConfigDescription(
            "Further answers drawn for each sample at temperature 1, whose agreement with the"
                + " greedy one is its confidence (eval_ece, eval_aurc); 0 for none.")
        int confidenceSamples,
    @ConfigDescription(
            "Names of the targets that are the kidney, the tumor and the cyst, in this order: their"
                + " masks together are scored by the hierarchical classes of KiTS23"
                + " (eval_kits/...); empty for none.")
        List<String> hierarchicalTargets,
    @ConfigDescription("Parts the work is cut into, at least 1; results do not depend on it.")
        int partitions) {
  private static final int STRUCTURES = HierarchicalClass.Structure.values().length;

  public EvaluationConfig {
    hierarchicalTargets = List.copyOf(hierarchicalTargets);
    ConfigLimits.check()
        .atLeast("max-samples", maxSamples, 1)
        .atLeast("max-completion-length", maxCompletionLength, 1)
        .atLeast("confidence-samples", confidenceSamples, 0)
        .satisfies(
            "hierarchical-targets",
            hierarchicalTargets,
            targets ->
                targets.isEmpty()
                    || targets.size() == STRUCTURES && new HashSet<>(targets).size() == STRUCTURES,
            "three different names or none")
        .atLeast("partitions", partitions, 1)
        .orThrow();
  }

  /** The same with the greedy answers alone. */
  public EvaluationConfig greedy() {
    return new EvaluationConfig(
        maxSamples, maxCompletionLength, 0, hierarchicalTargets, partitions);
  }

  public static EvaluationConfig defaults() {
    return new EvaluationConfig(1000, 256, 0, List.of(), 8);
  }
}
