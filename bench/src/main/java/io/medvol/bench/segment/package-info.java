/** The segmenter side by side with the official MedSAM2 predictor. */
package io.medvol.bench.segment;
