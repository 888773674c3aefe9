/**
 * A complete Qwen3-VL model small enough to train on a laptop: the real architecture and file
 * layout, random weights, a vocabulary that keeps answers short.
 */
package io.medvol.model.tiny;
