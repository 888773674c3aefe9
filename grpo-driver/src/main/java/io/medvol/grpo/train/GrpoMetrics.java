package io.medvol.grpo.train;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.advantage.SampleStatistics;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.reward.RewardStatus;
import io.medvol.rollout.objective.LossType;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.objective.SamplingDrift;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The numbers of one step under TRL's names; means over the updates made on its answers. */
final class GrpoMetrics {
  private final long startNanos = System.nanoTime();
  private final List<Update> updates = new ArrayList<>();
  private final List<ObjectiveSums> sums = new ArrayList<>();
  private final Map<String, SampleFailure> failures = new LinkedHashMap<>();

  void update(Update update, ObjectiveSums objectiveSums) {
    updates.add(update);
    sums.add(objectiveSums);
  }

  void failed(List<SampleFailure> inUpdate) {
    inUpdate.forEach(failure -> failures.putIfAbsent(failure.sampleId(), failure));
  }

  /** Samples whose groups an update had to do without. */
  List<SampleFailure> failures() {
    return List.copyOf(failures.values());
  }

  /**
   * @param after the state when the step is done
   */
  Map<String, Object> of(
      StepGroups groups,
      AdvantageEstimate advantages,
      StepRewards rewards,
      Objective objective,
      TrainingState after) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    putMean(metrics, "loss", ObjectiveSums::loss);
    put(metrics, "grad_norm", updates.stream().mapToDouble(Update::gradNorm).average());
    put(metrics, "learning_rate", updates.stream().mapToDouble(Update::learningRate).average());
    put(metrics, "reward", advantages.rewards().mean());
    put(metrics, "reward_std", advantages.rewards().std());
    put(metrics, "frac_reward_zero_std", advantages.fracRewardZeroStd());
    putRewards(metrics, groups);
    if (rewards.punishes()) {
      SampleStatistics punished =
          SampleStatistics.of(groups.trajectories().mapToDouble(rewards::punishment).toArray());
      put(metrics, "rewards/soft_overlong_punishment/mean", punished.mean());
      put(metrics, "rewards/soft_overlong_punishment/std", punished.std());
    }
    putLengths(metrics, groups);
    if (objective.needsReference()) {
      putMean(metrics, "kl", ObjectiveSums::meanKl);
    }
    putMean(metrics, "entropy", ObjectiveSums::meanEntropy);
    putClipRatios(metrics, objective.lossType());
    putDecoding(metrics);
    putDrift(metrics);
    metrics.put("bounded_log_ratios", sums.stream().mapToLong(ObjectiveSums::bounded).sum());
    metrics.put("num_tokens", after.counters().tokens());
    metrics.put("skipped_updates", after.counters().skipped());
    List<SampleFailure> failed = new ArrayList<>(groups.failures());
    failed.addAll(failures());
    FailedShare.put(metrics, failed);
    if (groups.refills() > 0) {
      metrics.put("dynamic_sampling/refills", groups.refills());
      metrics.put("dynamic_sampling/discarded_groups", groups.discarded().size());
    }
    put(metrics, "step_time", (System.nanoTime() - startNanos) / 1e9);
    metrics.put("policy_digest", after.policy().digest());
    return metrics;
  }

  private void putClipRatios(Map<String, Object> metrics, LossType lossType) {
    switch (lossType) {
      case GRPO, BNPO, DR_GRPO, DAPO, LUSPO -> {
        putMean(metrics, "clip_ratio/low_mean", part -> part.clips().meanLow());
        putMean(metrics, "clip_ratio/low_min", part -> part.clips().lowestLow());
        putMean(metrics, "clip_ratio/high_mean", part -> part.clips().meanHigh());
        putMean(metrics, "clip_ratio/high_max", part -> part.clips().highestHigh());
        putMean(
            metrics,
            "clip_ratio/region_mean",
            part -> part.clips().meanLow() + part.clips().meanHigh());
      }
      case CISPO -> putMean(metrics, "cispo_clip_ratio", part -> part.clips().meanHigh());
      case SAPO -> {
        // a soft gate clips nothing
      }
      case VESPO -> putMean(metrics, "vespo/phi_seq_mean", ObjectiveSums::meanSequenceWeight);
    }
  }

  private static void putRewards(Map<String, Object> metrics, StepGroups groups) {
    TreeSet<String> terms = new TreeSet<>();
    groups.trajectories().forEach(trajectory -> terms.addAll(trajectory.reward().terms().keySet()));
    for (String term : terms) {
      SampleStatistics statistics =
          SampleStatistics.of(
              groups
                  .trajectories()
                  .mapToDouble(trajectory -> trajectory.reward().terms().get(term).value())
                  .toArray());
      put(metrics, "rewards/" + term + "/mean", statistics.mean());
      put(metrics, "rewards/" + term + "/std", statistics.std());
      for (RewardStatus status : List.of(RewardStatus.ERROR, RewardStatus.TIMEOUT)) {
        long count =
            groups
                .trajectories()
                .filter(one -> one.reward().terms().get(term).status() == status)
                .count();
        if (count > 0) {
          metrics.put("rewards/" + term + "/" + status.name().toLowerCase(Locale.ROOT), count);
        }
      }
    }
    metrics.put(
        "failed_rewards", groups.trajectories().filter(one -> !StepRewards.scorable(one)).count());
  }

  private static void putLengths(Map<String, Object> metrics, StepGroups groups) {
    double[] lengths = groups.trajectories().mapToDouble(Trajectory::length).toArray();
    double[] ended =
        groups
            .trajectories()
            .filter(trajectory -> !trajectory.truncated())
            .mapToDouble(Trajectory::length)
            .toArray();
    put(metrics, "completions/mean_length", DoubleStream.of(lengths).average());
    put(metrics, "completions/min_length", DoubleStream.of(lengths).min());
    put(metrics, "completions/max_length", DoubleStream.of(lengths).max());
    put(metrics, "completions/mean_terminated_length", DoubleStream.of(ended).average().orElse(0));
    put(metrics, "completions/min_terminated_length", DoubleStream.of(ended).min().orElse(0));
    put(metrics, "completions/max_terminated_length", DoubleStream.of(ended).max().orElse(0));
    if (lengths.length > 0) {
      put(metrics, "completions/clipped_ratio", 1 - ended.length / (double) lengths.length);
    }
  }

  /** Between what decoding reported and what the loss reads, for one policy. */
  private void putDecoding(Map<String, Object> metrics) {
    SamplingDrift gap = sum(ObjectiveSums::decoding);
    if (gap.tokens() > 0) {
      put(metrics, "sampling/sampling_logp_difference/mean", gap.meanDifference());
      put(metrics, "sampling/sampling_logp_difference/max", gap.largestDifference());
    }
  }

  /** Between the policy that drew the answers and the one the step began with. */
  private void putDrift(Map<String, Object> metrics) {
    SamplingDrift drift = sum(ObjectiveSums::drift);
    if (drift.tokens() > 0) {
      put(metrics, "sampling/stale_logp_difference/mean", drift.meanDifference());
      put(metrics, "sampling/stale_logp_difference/max", drift.largestDifference());
      put(metrics, "sampling/importance_sampling_ratio/min", drift.smallestWeight());
      put(metrics, "sampling/importance_sampling_ratio/mean", drift.meanWeight());
      put(metrics, "sampling/importance_sampling_ratio/max", drift.largestWeight());
    }
  }

  private SamplingDrift sum(Function<ObjectiveSums, SamplingDrift> part) {
    return sums.stream().map(part).reduce(SamplingDrift.NONE, SamplingDrift::plus);
  }

  private void putMean(
      Map<String, Object> metrics, String name, ToDoubleFunction<ObjectiveSums> metric) {
    put(metrics, name, sums.stream().mapToDouble(metric).average());
  }

  private static void put(Map<String, Object> metrics, String name, OptionalDouble value) {
    value.ifPresent(number -> put(metrics, name, number));
  }

  /** Numbers that are none, such as the deviation of one value, are left out. */
  private static void put(Map<String, Object> metrics, String name, double value) {
    if (Double.isFinite(value)) {
      metrics.put(name, value);
    }
  }
}
