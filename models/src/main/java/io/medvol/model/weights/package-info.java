/**
 * Decides how weights are stored: reading and writing safetensors files, whole models in one file
 * or in shards. Sees no tensor library, so that a driver without one can write checkpoints.
 */
package io.medvol.model.weights;
