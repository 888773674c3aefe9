/** Rewards for multiple-choice answers. */
package io.medvol.reward.choice;
