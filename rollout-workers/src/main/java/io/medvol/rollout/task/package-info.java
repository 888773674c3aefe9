/**
 * What a policy is trained for: how a sample becomes a prompt, how answers are scored, what a
 * demonstration is. Everything else of a step is the same for every task.
 */
package io.medvol.rollout.task;
