package io.medvol.rollout.worker;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.response.AnswerOpening;
import io.medvol.rollout.task.AnswerScore;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.TrajectoryKey;
import io.medvol.rollout.trajectory.TrajectoryTimings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Draws the answers to one sample and scores them. Not thread-safe; owns nothing. */
final class RolloutWorker {
  private final PolicySlot policies;
  private final Task task;
  private final int microBatch;

  /**
   * @param microBatch answers that are scored together by a policy, as in an update, so that the
   *     importance ratio of an unchanged policy is 1 to the last bit
   */
  RolloutWorker(PolicySlot policies, Task task, int microBatch) {
    this.policies = policies;
    this.task = task;
    this.microBatch = microBatch;
  }

  RolloutOutcome rollout(RolloutRequest request, Sample sample) {
    try (OpenSample open = task.open(sample)) {
      return new RolloutOutcome.Rolled(group(request, sample, open));
    } catch (MedVolException e) {
      return new RolloutOutcome.Failed(sample, UnreadableSample.reason(e));
    }
  }

  private TrajectoryGroup group(RolloutRequest request, Sample sample, OpenSample open) {
    Stopwatch watch = new Stopwatch();
    PolicyModel policy = policies.with(request.policy());
    EncodedPrompt prompt = policy.encode(open.prompt());
    double promptSeconds = watch.lap();
    List<TrajectoryKey> keys =
        IntStream.range(0, request.numGenerations())
            .mapToObj(i -> new TrajectoryKey(request.runSeed(), request.step(), sample.id(), i))
            .toList();
    List<Completion> completions =
        policy.sample(
            prompt, request.sampling(), keys.stream().mapToLong(TrajectoryKey::seed).toArray());
    List<TokenValues> old = old(request, policy, prompt, completions);
    double sampleSeconds = watch.lap();
    List<TokenValues> reference = reference(request, prompt, completions);
    double referenceSeconds = watch.lap();
    List<AnswerScore> scores = open.score(answers(policy, prompt, open, completions));
    TrajectoryTimings timings =
        new TrajectoryTimings(promptSeconds, sampleSeconds, referenceSeconds, watch.lap());
    if (completions.size() != keys.size() || scores.size() != keys.size()) {
      throw new IllegalStateException(
          "Asked for "
              + keys.size()
              + " answers to "
              + sample.id()
              + "; the policy gave "
              + completions.size()
              + " and the scorer "
              + scores.size()
              + " scores");
    }
    List<Trajectory> trajectories = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      AnswerScore score = scores.get(i);
      trajectories.add(
          new Trajectory(
              keys.get(i),
              request.policy().version(),
              request.policy().digest(),
              completions.get(i),
              old.get(i),
              reference.isEmpty() ? null : reference.get(i),
              score.reward(),
              score.status(),
              score.evidence(),
              score.maskDigest(),
              timings));
    }
    return new TrajectoryGroup(
        sample, prompt.tokens().length(), Digests.sha256(prompt.tokens()), trajectories);
  }

  /** What the answers say with what the template wrote before them. */
  static List<String> answers(
      PolicyModel policy, EncodedPrompt prompt, OpenSample open, List<Completion> completions) {
    AnswerOpening opening = new AnswerOpening(policy.answerOpening(prompt));
    return completions.stream()
        .map(completion -> opening.answer(completion.text(), open.form()))
        .toList();
  }

  /**
   * A ratio compares what an update computes with what the same computation gave before. Decoding
   * rounds otherwise, and options that shape the draw have no part in the ratio.
   */
  private List<TokenValues> old(
      RolloutRequest request,
      PolicyModel policy,
      EncodedPrompt prompt,
      List<Completion> completions) {
    return request.scoresDraws()
        ? score(policy, prompt, completions, request.sampling().temperature())
        : completions.stream().map(Completion::logProbs).toList();
  }

  private List<TokenValues> reference(
      RolloutRequest request, EncodedPrompt prompt, List<Completion> completions) {
    if (request.reference().isEmpty()) {
      return List.of();
    }
    PolicyModel policy = policies.with(request.reference().get());
    return score(policy, prompt, completions, request.sampling().temperature());
  }

  private List<TokenValues> score(
      PolicyModel policy, EncodedPrompt prompt, List<Completion> completions, double temperature) {
    List<TokenValues> scores = new ArrayList<>();
    for (int from = 0; from < completions.size(); from += microBatch) {
      List<TokenIds> tokens =
          completions.subList(from, Math.min(from + microBatch, completions.size())).stream()
              .map(Completion::tokens)
              .toList();
      scores.addAll(policy.logProbs(prompt, tokens, temperature));
    }
    return scores;
  }
}
