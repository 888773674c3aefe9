/** Native memory over many updates. */
package io.medvol.bench.leak;
