/**
 * The two phases of a step as the loops see them, wherever they run: here, or as Spark tasks. The
 * cut into partitions is configuration, never the size of a cluster.
 */
package io.medvol.grpo.step;
