package io.medvol.grpo.train;

import io.medvol.data.example.Sample;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.List;
import java.util.Objects;

/**
 * What a run begins from.
 *
 * @param initial the policy as loaded, version 0; also the reference policy of a KL term: of an
 *     adapter its frozen values, which for a fresh one are the model without it
 * @param layout of its parameters
 * @param samples of the data set
 * @param configDigest digest of the settings of the run; a resumed run must have the same
 * @param initialDigest names the model the run begins from, with what of it is not trained; a
 *     resumed run must have the same
 */
public record TrainingStart(
    PolicyState initial,
    ParameterLayout layout,
    List<? extends Sample> samples,
    String configDigest,
    String initialDigest) {
  public TrainingStart {
    Objects.requireNonNull(initialDigest, "initialDigest");
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

  /** Of a model that is trained as a whole, so that its parameters are all of it. */
  public TrainingStart(
      PolicyState initial,
      ParameterLayout layout,
      List<? extends Sample> samples,
      String configDigest) {
    this(initial, layout, samples, configDigest, initial.digest());
  }
}
