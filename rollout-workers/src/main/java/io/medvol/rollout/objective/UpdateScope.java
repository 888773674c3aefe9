package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;

/**
 * What the loss of one answer needs to know of the whole update, so that no result depends on how
 * the update is cut into parts.
 *
 * @param denominators counts by which sums over tokens are divided
 * @param entropyThreshold tokens of lower entropy have no policy loss; negative infinity keeps all
 */
public record UpdateScope(LossDenominators denominators, double entropyThreshold)
    implements Serializable {
  public UpdateScope {
    Objects.requireNonNull(denominators, "denominators");
  }

  /** All tokens are kept. */
  public static UpdateScope of(LossDenominators denominators) {
    return new UpdateScope(denominators, Double.NEGATIVE_INFINITY);
  }
}
