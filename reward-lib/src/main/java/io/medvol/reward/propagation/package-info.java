/** Carrying boxes on one slice through a volume: the port, and a grower of regions by intensity. */
package io.medvol.reward.propagation;
