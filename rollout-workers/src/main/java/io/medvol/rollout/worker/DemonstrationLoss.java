package io.medvol.rollout.worker;

import java.io.Serializable;

/**
 * How a policy does on one demonstration it is not trained on.
 *
 * @param loss cross-entropy summed over the answer's tokens, nats
 * @param tokens of the answer, the one that ends it included
 */
public record DemonstrationLoss(double loss, int tokens) implements Serializable {}
