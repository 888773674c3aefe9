package io.medvol.rollout.worker;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
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

  RolloutWorker(PolicySlot policies, Task task) {
    this.policies = policies;
    this.task = task;
  }

  RolloutOutcome rollout(RolloutRequest request, Sample sample) {
    try (OpenSample open = task.open(sample)) {
      return new RolloutOutcome.Rolled(group(request, sample, open));
    } catch (MedVolException e) {
      if (e.code() == ErrorCode.MALFORMED_DATA) {
        return new RolloutOutcome.Failed(sample, e.getMessage());
      }
      throw e;
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
    double sampleSeconds = watch.lap();
    List<TokenValues> reference = reference(request, prompt, completions);
    double referenceSeconds = watch.lap();
    List<AnswerScore> scores = open.score(completions.stream().map(Completion::text).toList());
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

  private List<TokenValues> reference(
      RolloutRequest request, EncodedPrompt prompt, List<Completion> completions) {
    if (request.reference().isEmpty()) {
      return List.of();
    }
    List<TokenIds> tokens = completions.stream().map(Completion::tokens).toList();
    return policies
        .with(request.reference().get())
        .logProbs(prompt, tokens, request.sampling().temperature());
  }
}
