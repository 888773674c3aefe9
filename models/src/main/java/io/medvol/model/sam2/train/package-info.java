/**
 * Decides how a SAM 2.1 video model is trained from boxes on short clips: initial values, SAM 2's
 * losses with what training from scratch needs beside them, and their gradient.
 */
package io.medvol.model.sam2.train;
