/**
 * The records of one step: which answer was drawn from which policy with which seed, what it
 * earned, and how it is found again. Everything here is immutable, {@link java.io.Serializable} and
 * crosses Spark.
 */
package io.medvol.rollout.trajectory;
