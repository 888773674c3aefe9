/**
 * Decides how the Qwen-VL family computes: vision tower, positions, decoder, sampling of groups and
 * gradients. A prompt is one row; the completions of a group attend to its keys and values.
 *
 * <p>Sources: Qwen3-VL (arXiv 2511.21631), Qwen2-VL (arXiv 2409.12191), DeepStack (arXiv
 * 2406.04334), shared-prefix training (arXiv 2506.05433).
 */
package io.medvol.model.qwen;
