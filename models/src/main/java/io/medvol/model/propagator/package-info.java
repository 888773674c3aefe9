/** Decides which propagator a run draws masks with, and where its weights come from. */
package io.medvol.model.propagator;
