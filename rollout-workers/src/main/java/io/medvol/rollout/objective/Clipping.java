package io.medvol.rollout.objective;

import java.io.Serializable;

/**
 * The bounds of the importance ratio.
 *
 * @param epsilon it is clipped below at 1 - epsilon
 * @param epsilonHigh it is clipped above at 1 + epsilonHigh; for cispo the cap itself
 * @param delta bound on the unclipped ratio (two-sided clipping); infinite for none
 * @param ratioC bound on the loss of a negative advantage, in units of its size (dual clipping);
 *     infinite for none
 */
public record Clipping(double epsilon, double epsilonHigh, double delta, double ratioC)
    implements Serializable {}
