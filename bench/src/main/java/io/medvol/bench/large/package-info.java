/**
 * Models of the sizes people train, with random weights: made, loaded, sampled from and updated.
 */
package io.medvol.bench.large;
