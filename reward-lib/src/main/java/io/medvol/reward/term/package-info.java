/** Reward terms of the user's own. */
package io.medvol.reward.term;
