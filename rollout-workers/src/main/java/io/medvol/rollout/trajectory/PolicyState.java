package io.medvol.rollout.trajectory;

import java.io.Serializable;
import java.util.Objects;

/**
 * The trainable parameters at one moment of a run: what travels from the driver to the workers.
 *
 * @param version number of optimizer updates that led here
 * @param digest SHA-256 of the parameters; names the policy in trajectories and checkpoints
 * @param parameters in the order of the policy's {@code ParameterLayout}
 */
public record PolicyState(long version, String digest, FloatVector parameters)
    implements Serializable {
  public PolicyState {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(parameters, "parameters");
  }

  /** Wraps the parameters, which now belong to the state, and computes their digest. */
  public static PolicyState of(long version, float[] parameters) {
    FloatVector vector = FloatVector.wrap(parameters);
    return new PolicyState(version, vector.sha256(), vector);
  }
}
