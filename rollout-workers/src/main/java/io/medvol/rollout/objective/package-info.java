/**
 * The loss: from the log-probabilities of a group's tokens to a number and its derivative, in
 * double and plain Java. Every denominator is a global count handed in, so that the result does not
 * depend on how a step was cut into partitions or micro-batches.
 */
package io.medvol.rollout.objective;
