package io.medvol.rollout.worker;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.reward.localisation.GroupAgreement;
import io.medvol.rollout.task.AnswerScore;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.task.Verdict;
import io.medvol.rollout.trajectory.TrajectoryKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
      return EvaluationOutcome.failed(sample, UnreadableSample.reason(e));
    }
  }

  private EvaluationOutcome answer(EvaluationRequest request, Sample sample, OpenSample open) {
    Stopwatch watch = new Stopwatch();
    PolicyModel policy = policies.with(request.policy());
    EncodedPrompt prompt = policy.encode(open.prompt());
    SamplingParams greedy = new SamplingParams(GREEDY, request.maxCompletionLength());
    Completion completion = policy.sample(prompt, greedy, new long[] {0}).get(0);
    Verdict verdict =
        open.evaluate(RolloutWorker.answers(policy, prompt, open, List.of(completion)).get(0));
    Map<String, Double> measures = new LinkedHashMap<>(verdict.measures());
    if (request.confidenceSamples() > 0) {
      measures.put(
          EvaluationOutcome.CONFIDENCE,
          confidence(verdict.score(), open.score(others(request, sample, policy, prompt, open))));
    }
    return new EvaluationOutcome(
        sample,
        completion,
        verdict.score().reward(),
        verdict.score().status(),
        verdict.score().evidence(),
        verdict.dice(),
        measures,
        masks(request, sample, verdict),
        verdict.failure(),
        completion.tokens().length(),
        watch.lap());
  }

  private static StructureMasks masks(EvaluationRequest request, Sample sample, Verdict verdict) {
    return verdict.masks() == null
        ? null
        : request
            .structure(sample.target())
            .map(structure -> StructureMasks.of(structure, verdict.masks()))
            .orElse(null);
  }

  private static List<String> others(
      EvaluationRequest request,
      Sample sample,
      PolicyModel policy,
      EncodedPrompt prompt,
      OpenSample open) {
    SamplingParams drawn = new SamplingParams(1, request.maxCompletionLength());
    long[] seeds =
        IntStream.range(0, request.confidenceSamples())
            .mapToLong(i -> new TrajectoryKey(0, 0, sample.id(), i).seed())
            .toArray();
    return RolloutWorker.answers(policy, prompt, open, policy.sample(prompt, drawn, seeds));
  }

  private static double confidence(AnswerScore answer, List<AnswerScore> others) {
    return GroupAgreement.confidence(
        view(answer), others.stream().map(EvaluationWorker::view).toList());
  }

  private static GroupAgreement.View view(AnswerScore score) {
    return new GroupAgreement.View(score.status(), score.evidence(), score.option());
  }
}
