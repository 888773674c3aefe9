package io.medvol.rollout.worker;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.VrsSample;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.SliceSource;
import io.medvol.rollout.reward.GroupScorer;
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
  private final SliceSource volumes;
  private final SlicePromptBuilder prompts;
  private final GroupScorer scorer;

  RolloutWorker(
      PolicySlot policies, SliceSource volumes, SlicePromptBuilder prompts, GroupScorer scorer) {
    this.policies = policies;
    this.volumes = volumes;
    this.prompts = prompts;
    this.scorer = scorer;
  }

  RolloutOutcome rollout(RolloutRequest request, VrsSample sample) {
    try (OpenVolume volume = volumes.open(sample.volumeId())) {
      return new RolloutOutcome.Rolled(group(request, sample, volume));
    } catch (MedVolException e) {
      if (e.code() == ErrorCode.MALFORMED_DATA) {
        return new RolloutOutcome.Failed(sample, e.getMessage());
      }
      throw e;
    }
  }

  private TrajectoryGroup group(RolloutRequest request, VrsSample sample, OpenVolume volume) {
    Stopwatch watch = new Stopwatch();
    PolicyModel policy = policies.with(request.policy());
    EncodedPrompt prompt = policy.encode(prompts.build(sample, volume));
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
    List<LocalisationScore> scores =
        scorer.score(sample, volume, completions.stream().map(Completion::text).toList());
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
      LocalisationScore score = scores.get(i);
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
