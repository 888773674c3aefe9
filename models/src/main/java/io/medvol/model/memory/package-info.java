/**
 * Decides how much memory a model takes: its weights, a rollout and an update, by arithmetic over
 * its configuration alone.
 */
package io.medvol.model.memory;
