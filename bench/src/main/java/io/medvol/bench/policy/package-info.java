/** The policies: generation, update, a whole step and plain decoding, next to their peers. */
package io.medvol.bench.policy;
