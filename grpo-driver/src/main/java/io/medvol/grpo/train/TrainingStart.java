package io.medvol.grpo.train;

import io.medvol.data.example.Sample;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.List;
import java.util.Objects;

/**
 * What a run begins from.
 *
 * @param initial the policy as loaded from the model directory, version 0; also the reference
 *     policy of a KL term
 * @param layout of its parameters
 * @param samples of the data set
 * @param configDigest digest of the settings of the run; a resumed run must have the same
 */
public record TrainingStart(
    PolicyState initial,
    ParameterLayout layout,
    List<? extends Sample> samples,
    String configDigest) {
  public TrainingStart {
    samples = List.copyOf(samples);
    Objects.requireNonNull(configDigest, "configDigest");
    if (initial.parameters().length() != layout.size()) {
      throw new IllegalArgumentException(
          "The policy has "
              + initial.parameters().length()
              + " parameters, its layout "
              + layout.size());
    }
  }
}
