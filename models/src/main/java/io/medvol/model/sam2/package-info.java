/**
 * Decides how boxes, points and masks on slices become a 3-D mask: SAM 2.1's video model (arXiv
 * 2408.00714) with the weights and the habits of MedSAM2 (arXiv 2504.03600), slices taking the
 * place of frames.
 */
package io.medvol.model.sam2;
