package io.medvol.grpo.train;

import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.grpo.checkpoint.RunOrigin;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run begins from.
 *
 * @param initial the policy as loaded, version 0; also the reference policy of a KL term: of an
 *     adapter its frozen values, which for a fresh one are the model without it
 * @param layout of its parameters
 * @param samples of the data set
 * @param rewardWeights name of a reward term to its weight, where terms are normalised one by one
 * @param origin what makes the run the run it is; a resumed run must have the same
 * @param machines which kinds of machine may work on it
 */
public record TrainingStart(
    PolicyState initial,
    ParameterLayout layout,
    List<? extends Sample> samples,
    Map<String, Double> rewardWeights,
    RunOrigin origin,
    MachineRule machines) {
  public TrainingStart {
    rewardWeights = Collections.unmodifiableMap(new LinkedHashMap<>(rewardWeights));
    samples = List.copyOf(samples);
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(machines, "machines");
    if (initial.parameters().length() != layout.size()) {
      throw new IllegalArgumentException(
          "The policy has "
              + initial.parameters().length()
              + " parameters, its layout "
              + layout.size());
    }
  }

  /**
   * Of a model that is trained as a whole, so that its parameters are all of it, and of rewards
   * that are summed where they are made.
   */
  public TrainingStart(
      PolicyState initial,
      ParameterLayout layout,
      List<? extends Sample> samples,
      String configDigest) {
    this(
        initial,
        layout,
        samples,
        Map.of(),
        RunOrigin.of(configDigest, initial.digest()),
        MachineRule.SAME);
  }
}
