package io.medvol.grpo.evaluation;

import io.medvol.data.example.Sample;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.worker.EvaluationRequest;
import java.util.List;

/** Answers samples greedily, one answer each. */
public final class EvaluationLoop {
  private final StepWorkers workers;
  private final int maxCompletionLength;

  /**
   * @param workers of the caller
   * @param maxCompletionLength limit of an answer in tokens
   */
  public EvaluationLoop(StepWorkers workers, int maxCompletionLength) {
    this.workers = workers;
    this.maxCompletionLength = maxCompletionLength;
  }

  public EvaluationReport evaluate(PolicyState policy, List<? extends Sample> samples) {
    return new EvaluationReport(
        workers.evaluate(new EvaluationRequest(policy, maxCompletionLength), samples));
  }
}
