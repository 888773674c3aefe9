/**
 * The optimizer: plain Java on one flat vector, so that a step gives the same bits on every
 * machine. State is float, as in PyTorch; arithmetic within a step is double.
 */
package io.medvol.grpo.optim;
