package io.medvol.rollout.worker;

import io.medvol.model.policy.PolicyModel;
import io.medvol.rollout.trajectory.PolicyState;

/**
 * A policy network and the parameters it holds at the moment, so that equal ones are not written
 * again. Not thread-safe; does not own the network.
 */
final class PolicySlot {
  private final PolicyModel model;
  private String loadedDigest = "";

  PolicySlot(PolicyModel model) {
    this.model = model;
  }

  /** The network with these parameters, valid until the next call. */
  PolicyModel with(PolicyState state) {
    if (!state.digest().equals(loadedDigest)) {
      loadedDigest = "";
      model.setParameters(state.parameters().array());
      loadedDigest = state.digest();
    }
    return model;
  }
}
