/** What Spark costs beside the work it spreads. */
package io.medvol.bench.spark;
