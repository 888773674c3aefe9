/**
 * Decides how torch {@code .pt} checkpoints are read without torch: which pickles are understood,
 * which names they may mention, and how their storages become tensors. Nothing a file says is ever
 * executed.
 */
package io.medvol.model.pickle;
