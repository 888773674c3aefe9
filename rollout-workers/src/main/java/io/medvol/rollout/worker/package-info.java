/**
 * What an executor does in a step: draw and score groups, differentiate the loss on them, answer
 * greedily for an evaluation. One {@link io.medvol.rollout.worker.StepWorker} belongs to one thread
 * and owns its models.
 */
package io.medvol.rollout.worker;
