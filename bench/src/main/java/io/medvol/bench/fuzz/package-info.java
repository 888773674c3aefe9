/** The long runs of the damaged files whose short run is a test. */
package io.medvol.bench.fuzz;
