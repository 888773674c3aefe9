/** Decides where a path leads: a plain one to the local disk, a URI to Hadoop's file systems. */
package io.medvol.spark.hadoop;
