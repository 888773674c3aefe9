/**
 * What a volume is: a grid of voxels with an affine, in canonical patient axes; masks, labels and
 * the ways its Hounsfield units become grey values.
 */
package io.medvol.data.volume;
