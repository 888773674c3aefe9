package io.medvol.rollout.worker;

import io.medvol.reward.metric.HierarchicalClass;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How held-out samples are answered: greedily, one answer each, and with further answers drawn to
 * tell how sure the policy is.
 *
 * @param policy answers
 * @param maxCompletionLength limit in tokens
 * @param confidenceSamples further answers drawn at temperature 1, whose agreement with the greedy
 *     one is its confidence; 0 for none
 * @param hierarchicalTargets the targets that are kidney, tumor and cyst, in this order, whose
 *     masks are kept for the hierarchical classes of KiTS23; empty for none
 */
public record EvaluationRequest(
    PolicyState policy,
    int maxCompletionLength,
    int confidenceSamples,
    List<String> hierarchicalTargets)
    implements Serializable {
  public EvaluationRequest {
    Objects.requireNonNull(policy, "policy");
    if (maxCompletionLength < 1) {
      throw new IllegalArgumentException("max-completion-length is " + maxCompletionLength);
    }
    if (confidenceSamples < 0) {
      throw new IllegalArgumentException("confidence-samples is " + confidenceSamples);
    }
    hierarchicalTargets = List.copyOf(hierarchicalTargets);
    if (!hierarchicalTargets.isEmpty()
        && hierarchicalTargets.size() != HierarchicalClass.Structure.values().length) {
      throw new IllegalArgumentException("hierarchical-targets is " + hierarchicalTargets);
    }
  }

  /** The structure that a target is; empty if it is none. */
  Optional<HierarchicalClass.Structure> structure(String target) {
    int index = hierarchicalTargets.indexOf(target);
    return index < 0 ? Optional.empty() : Optional.of(HierarchicalClass.Structure.values()[index]);
  }

  /** Without a confidence or hierarchical classes. */
  public EvaluationRequest(PolicyState policy, int maxCompletionLength) {
    this(policy, maxCompletionLength, 0, List.of());
  }
}
