/** Measures of masks at the size of a real scan. */
package io.medvol.bench.metric;
