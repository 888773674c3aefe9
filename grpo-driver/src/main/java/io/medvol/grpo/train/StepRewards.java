package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.advantage.AdvantageEstimator;
import io.medvol.grpo.advantage.MultiObjectiveAggregation;
import io.medvol.grpo.advantage.SampleStatistics;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.rollout.objective.KlTerm;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.RolloutSeed;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Turns the rewards of answers into advantages, with the terms that only the trainer knows. */
final class StepRewards {
  private final GrpoConfig config;
  private final Objective objective;
  private final KlTerm kl;
  private final Map<String, Double> weights;

  /**
   * @param weights name of a reward term to its weight
   */
  StepRewards(GrpoConfig config, Map<String, Double> weights) {
    this.config = config;
    this.objective = config.objective().objective();
    this.kl = objective.kl();
    this.weights = weights;
    if (normalisesTerms() && weights.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "multi-objective-aggregation is normalize-then-sum, but the rewards of this task have no"
              + " weights by term; use sum-then-normalize.");
    }
  }

  private boolean normalisesTerms() {
    return config.multiObjectiveAggregation() == MultiObjectiveAggregation.NORMALIZE_THEN_SUM;
  }

  /** Whether the answers of a group that count in its baseline differ in their rewards. */
  boolean spread(TrajectoryGroup group) {
    return SampleStatistics.of(baseline(group)).std() >= AdvantageEstimator.ZERO_STD;
  }

  /**
   * @param step number of the step; keys the shuffle of a negative control
   */
  AdvantageEstimate advantages(List<TrajectoryGroup> groups, int step) {
    AdvantageEstimate earned = earned(groups);
    return config.shuffleRewards() ? shuffled(earned, step) : earned;
  }

  /** Advantages of answers dealt out among all answers of the step, whoever earned them. */
  private AdvantageEstimate shuffled(AdvantageEstimate earned, int step) {
    List<Double> all = new ArrayList<>();
    earned
        .groups()
        .forEach(group -> IntStream.range(0, group.length()).forEach(i -> all.add(group.at(i))));
    Collections.shuffle(all, new Random(RolloutSeed.of(config.seed(), step, "shuffle", 0)));
    List<Advantages> dealt = new ArrayList<>();
    int at = 0;
    for (Advantages group : earned.groups()) {
      int from = at;
      dealt.add(
          Advantages.of(
              IntStream.range(0, group.length()).mapToDouble(i -> all.get(from + i)).toArray()));
      at += group.length();
    }
    return new AdvantageEstimate(dealt, earned.rewards(), earned.fracRewardZeroStd());
  }

  private AdvantageEstimate earned(List<TrajectoryGroup> groups) {
    double[][] baselines = groups.stream().map(this::baseline).toArray(double[][]::new);
    if (kl.beta() > 0 && kl.place() == KlTerm.Place.REWARD) {
      for (int g = 0; g < baselines.length; g++) {
        for (int i = 0; i < baselines[g].length; i++) {
          baselines[g][i] -= kl.beta() * divergence(groups.get(g).trajectories().get(i));
        }
      }
    }
    AdvantageEstimate estimate =
        normalisesTerms()
            ? normalised(groups)
            : AdvantageEstimator.estimate(baselines, config.scaleRewards());
    double[] all = groups.stream().map(this::rewards).flatMapToDouble(Arrays::stream).toArray();
    return new AdvantageEstimate(
        estimate.groups(), SampleStatistics.of(all), estimate.fracRewardZeroStd());
  }

  /** Rewards from which a group's mean and deviation are taken; NaN for an answer without a say. */
  private double[] baseline(TrajectoryGroup group) {
    double[] rewards = rewards(group);
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = counts(group.trajectories().get(i)) ? rewards[i] : Double.NaN;
    }
    return rewards;
  }

  /** A cut answer that leaves the loss leaves the baseline of the others too. */
  private boolean counts(Trajectory answer) {
    return config.truncatedCompletionsInBaseline() || answer.countsIn(objective);
  }

  private AdvantageEstimate normalised(List<TrajectoryGroup> groups) {
    List<String> names = List.copyOf(weights.keySet());
    int terms = names.size() + (punishes() ? 1 : 0);
    double[][][] values = new double[terms][groups.size()][];
    double[] factors = new double[terms];
    Arrays.fill(factors, 1);
    for (int g = 0; g < groups.size(); g++) {
      List<Trajectory> answers = groups.get(g).trajectories();
      for (int k = 0; k < terms; k++) {
        int term = k;
        values[k][g] =
            answers.stream()
                .mapToDouble(
                    answer -> {
                      if (!scorable(answer) || !counts(answer)) {
                        return Double.NaN;
                      }
                      return term < names.size()
                          ? answer.reward().terms().get(names.get(term)).value()
                          : punishment(answer);
                    })
                .toArray();
      }
    }
    for (int k = 0; k < names.size(); k++) {
      factors[k] = weights.get(names.get(k));
    }
    return AdvantageEstimator.normalizeThenSum(values, factors);
  }

  /** NaN where an answer could not be scored. */
  private double[] rewards(TrajectoryGroup group) {
    return group.trajectories().stream()
        .mapToDouble(
            answer -> scorable(answer) ? answer.reward().total() + punishment(answer) : Double.NaN)
        .toArray();
  }

  static boolean scorable(Trajectory answer) {
    return Double.isFinite(answer.reward().total());
  }

  boolean punishes() {
    return config.softPunishCache() > 0;
  }

  /** DAPO's soft overlong punishment (arXiv 2503.14476): from 0 down to -1 in the last tokens. */
  double punishment(Trajectory answer) {
    if (!punishes()) {
      return 0;
    }
    int free = config.sampling().maxCompletionLength() - config.softPunishCache();
    return Math.min(0, (free - answer.length()) / (double) config.softPunishCache());
  }

  /** Sum over the answer of the estimate, as it was drawn. */
  private double divergence(Trajectory answer) {
    double[] reference =
        answer.reference().orElseThrow(() -> new IllegalStateException("no reference")).toArray();
    return IntStream.range(0, reference.length)
        .mapToDouble(t -> kl.estimate(reference[t] - answer.oldLogProbs().at(t)))
        .sum();
  }
}
