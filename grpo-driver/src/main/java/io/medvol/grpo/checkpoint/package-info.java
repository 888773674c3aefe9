/**
 * What survives a crash. A checkpoint is a model directory any tool can open, with the optimizer's
 * state beside it; its manifest is written last, and what has none does not exist.
 */
package io.medvol.grpo.checkpoint;
