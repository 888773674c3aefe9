package io.medvol.rollout.trajectory;

import io.medvol.data.error.ForeignText;
import io.medvol.model.policy.TokenValues;
import java.io.Serializable;
import java.util.List;

/**
 * The answers of a group as a policy sees them, one entry for each answer, in order.
 *
 * @param logProbs of each token
 * @param entropies of the distribution each token was taken from, nats
 * @param failure why there is none; null if there is
 */
public record GroupMeasurement(
    List<TokenValues> logProbs, List<TokenValues> entropies, String failure)
    implements Serializable {
  public GroupMeasurement {
    logProbs = List.copyOf(logProbs);
    entropies = List.copyOf(entropies);
  }

  public GroupMeasurement(List<TokenValues> logProbs, List<TokenValues> entropies) {
    this(logProbs, entropies, null);
  }

  /** Of a group whose sample could not be looked at. */
  public static GroupMeasurement failed(String reason) {
    return new GroupMeasurement(List.of(), List.of(), ForeignText.line(reason));
  }
}
