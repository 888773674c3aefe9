/**
 * Decides what a prepared data set looks like on storage: slice shards, samples, and the manifest
 * that commits them. The layouts are specified in {@code docs/formats/slice-shard.md}.
 */
package io.medvol.data.shard;
