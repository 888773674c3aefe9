/**
 * Decides how the small segmenter that comes with the platform is made and judged: clips drawn from
 * phantoms, the stages of its training, and its Dice on phantoms it has not seen.
 */
package io.medvol.grpo.segment;
