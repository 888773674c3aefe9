/** Decides how the phases of a training step become Spark jobs over fixed partitions. */
package io.medvol.spark.step;
