package io.medvol.rollout.trajectory;

import io.medvol.model.policy.TokenValues;
import java.io.Serializable;
import java.util.List;

/**
 * The answers of a group as a policy sees them, one entry for each answer, in order.
 *
 * @param logProbs of each token
 * @param entropies of the distribution each token was taken from, nats
 */
public record GroupMeasurement(List<TokenValues> logProbs, List<TokenValues> entropies)
    implements Serializable {
  public GroupMeasurement {
    logProbs = List.copyOf(logProbs);
    entropies = List.copyOf(entropies);
  }
}
