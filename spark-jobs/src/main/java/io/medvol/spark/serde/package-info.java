/**
 * Decides how records cross the wire: Kryo with every class registered, so that a class nobody
 * thought of fails in a test and not on a cluster.
 */
package io.medvol.spark.serde;
