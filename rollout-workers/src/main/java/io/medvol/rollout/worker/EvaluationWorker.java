package io.medvol.rollout.worker;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.task.Verdict;

/** Answers a held-out sample greedily and measures the answer. Not thread-safe; owns nothing. */
final class EvaluationWorker {
  private static final double GREEDY = 0;

  private final PolicySlot policies;
  private final Task task;

  EvaluationWorker(PolicySlot policies, Task task) {
    this.policies = policies;
    this.task = task;
  }

  EvaluationOutcome evaluate(EvaluationRequest request, Sample sample) {
    try (OpenSample open = task.open(sample)) {
      return answer(request, sample, open);
    } catch (MedVolException e) {
      if (e.code() == ErrorCode.MALFORMED_DATA) {
        return EvaluationOutcome.failed(sample, e.getMessage());
      }
      throw e;
    }
  }

  private EvaluationOutcome answer(EvaluationRequest request, Sample sample, OpenSample open) {
    Stopwatch watch = new Stopwatch();
    PolicyModel policy = policies.with(request.policy());
    EncodedPrompt prompt = policy.encode(open.prompt());
    SamplingParams greedy = new SamplingParams(GREEDY, request.maxCompletionLength());
    Completion completion = policy.sample(prompt, greedy, new long[] {0}).get(0);
    Verdict verdict = open.evaluate(completion.text());
    return new EvaluationOutcome(
        sample,
        completion,
        verdict.score().reward(),
        verdict.score().status(),
        verdict.score().evidence(),
        verdict.dice(),
        verdict.failure(),
        completion.tokens().length(),
        watch.lap());
  }
}
