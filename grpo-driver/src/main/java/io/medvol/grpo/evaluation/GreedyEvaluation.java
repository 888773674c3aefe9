package io.medvol.grpo.evaluation;

import io.medvol.data.example.Sample;
import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.advantage.AdvantageEstimator;
import io.medvol.grpo.advantage.ScaleRewards;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.worker.RolloutRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Answers held-out samples greedily, and, where a group size is configured, also as training draws
 * them: a gain at the training temperature may be none in greedy decoding.
 */
public final class GreedyEvaluation implements HeldOutEvaluation {
  private final GrpoConfig config;
  private final StepWorkers workers;
  private final List<Sample> samples;

  public GreedyEvaluation(GrpoConfig config, StepWorkers workers, List<Sample> samples) {
    this.config = Objects.requireNonNull(config, "config");
    this.workers = Objects.requireNonNull(workers, "workers");
    this.samples = List.copyOf(samples);
  }

  @Override
  public Map<String, Object> measure(TrainingState state) {
    EvaluationLoop greedy = new EvaluationLoop(workers, config.sampling().maxCompletionLength());
    Map<String, Object> metrics =
        new LinkedHashMap<>(greedy.evaluate(state.policy(), samples).metrics());
    int groupSize = config.evaluation().numGenerationsEval();
    if (groupSize > 0) {
      RolloutRequest request =
          new RolloutRequest(
              state.policy(),
              null,
              ~config.seed(),
              state.step(),
              groupSize,
              config.sampling().params());
      double[][] rewards =
          workers.rollout(request, samples).stream()
              .filter(RolloutOutcome.Rolled.class::isInstance)
              .map(outcome -> ((RolloutOutcome.Rolled) outcome).group().trajectories())
              .map(group -> group.stream().mapToDouble(t -> t.reward().total()).toArray())
              .toArray(double[][]::new);
      AdvantageEstimate drawn = AdvantageEstimator.estimate(rewards, ScaleRewards.GROUP);
      put(metrics, "eval_sampled_reward", drawn.rewards().mean());
      put(metrics, "eval_sampled_reward_std", drawn.rewards().std());
      put(metrics, "eval_frac_reward_zero_std", drawn.fracRewardZeroStd());
    }
    return metrics;
  }

  private static void put(Map<String, Object> metrics, String name, double value) {
    if (Double.isFinite(value)) {
      metrics.put(name, value);
    }
  }
}
