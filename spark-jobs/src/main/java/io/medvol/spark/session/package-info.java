/** Decides how a Spark session is set up for every job, local or on a cluster. */
package io.medvol.spark.session;
