/** Rewards for pointing at a target in a volume: format, axial, spatial, consistency, dice3d. */
package io.medvol.reward.localisation;
