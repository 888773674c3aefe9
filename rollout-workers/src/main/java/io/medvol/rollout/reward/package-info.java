/** How a group of answers earns its rewards, seen from the worker. */
package io.medvol.rollout.reward;
