package io.medvol.rollout.worker;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.SliceSource;
import io.medvol.rollout.reward.GroupScorer;
import java.util.List;

/**
 * Answers a held-out sample greedily and compares the mask of its evidence with the expert's in the
 * whole volume. Not thread-safe; owns nothing.
 */
final class EvaluationWorker {
  private static final double GREEDY = 0;

  private final PolicySlot policies;
  private final SliceSource volumes;
  private final SlicePromptBuilder prompts;
  private final GroupScorer scorer;
  private final MaskPropagator propagator;

  EvaluationWorker(
      PolicySlot policies,
      SliceSource volumes,
      SlicePromptBuilder prompts,
      GroupScorer scorer,
      MaskPropagator propagator) {
    this.policies = policies;
    this.volumes = volumes;
    this.prompts = prompts;
    this.scorer = scorer;
    this.propagator = propagator;
  }

  EvaluationOutcome evaluate(EvaluationRequest request, VrsSample sample) {
    try (OpenVolume volume = volumes.open(sample.volumeId())) {
      return answer(request, sample, volume);
    } catch (MedVolException e) {
      if (e.code() == ErrorCode.MALFORMED_DATA) {
        return EvaluationOutcome.failed(sample, e.getMessage());
      }
      throw e;
    }
  }

  private EvaluationOutcome answer(EvaluationRequest request, VrsSample sample, OpenVolume volume) {
    Stopwatch watch = new Stopwatch();
    PolicyModel policy = policies.with(request.policy());
    EncodedPrompt prompt = policy.encode(prompts.build(sample, volume));
    SamplingParams greedy = new SamplingParams(GREEDY, request.maxCompletionLength());
    Completion completion = policy.sample(prompt, greedy, new long[] {0}).get(0);
    LocalisationScore score = scorer.score(sample, volume, List.of(completion.text())).get(0);
    Propagation mask = mask(score, volume);
    double dice = Double.NaN;
    String failure = "";
    if (mask instanceof Propagation.Mask made) {
      dice = dice(score.status(), made.mask(), volume.mask(sample.labels()));
    } else if (mask instanceof Propagation.Failed failed) {
      failure = failed.reason();
    }
    return new EvaluationOutcome(
        sample,
        completion,
        score.reward(),
        score.status(),
        score.evidence(),
        dice,
        failure,
        completion.tokens().length(),
        watch.lap());
  }

  private Propagation mask(LocalisationScore score, OpenVolume volume) {
    Evidence anchor = score.evidence();
    if (score.status() != AnswerStatus.ANSWERED || anchor == null || anchor.boxes().isEmpty()) {
      return new Propagation.Mask(BinaryMask.empty(volume.size()));
    }
    EvidencePrompt evidence =
        new EvidencePrompt(anchor.slice(), anchor.boxes(), 0, volume.size().slices() - 1);
    return propagator.propagate(volume.ct(), List.of(evidence)).get(0);
  }

  /** Two empty masks agree, unless the emptiness comes from an answer that could not be read. */
  private static double dice(AnswerStatus answer, BinaryMask found, BinaryMask expert) {
    return answer == AnswerStatus.UNPARSABLE ? 0 : Overlap.of(found, expert).dice();
  }
}
