package io.medvol.rollout.worker;

import io.medvol.data.error.ForeignText;
import java.io.Serializable;

/**
 * How a policy does on one demonstration it is not trained on.
 *
 * @param loss cross-entropy summed over the answer's tokens, nats; 0 if it failed
 * @param tokens of the answer, the one that ends it included; 0 if it failed
 * @param failure a sentence; null if there was none
 */
public record DemonstrationLoss(double loss, int tokens, String failure) implements Serializable {
  public DemonstrationLoss(double loss, int tokens) {
    this(loss, tokens, null);
  }

  /** Of a demonstration that could not be measured. */
  public static DemonstrationLoss failed(String reason) {
    return new DemonstrationLoss(0, 0, ForeignText.line(reason));
  }
}
