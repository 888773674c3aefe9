/**
 * The jobs: each reads its configuration, builds a component that knows nothing of Spark, hands it
 * to Spark, and writes what comes back.
 */
package io.medvol.spark.job;
