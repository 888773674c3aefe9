package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.evaluation.GreedyEvaluation;
import io.medvol.grpo.evaluation.HeldOutSplit;
import io.medvol.grpo.metrics.CompletionWarning;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.SampleFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Group Relative Policy Optimization (arXiv 2402.03300): for each prompt draw a group of answers,
 * score them, and raise the probability of those that did better than their group.
 *
 * <p>A run goes on from its newest checkpoint; interrupted and resumed it ends with the same bytes.
 */
public final class GrpoTrainer {
  private final GrpoConfig config;
  private final Objective objective;
  private final PolicyState reference;
  private final PromptSampler prompts;
  private final StepRewards rewards;
  private final PolicyUpdates updates;
  private final StepWorkers workers;
  private final RunOutputs outputs;
  private final TrainingRun run;

  public GrpoTrainer(
      GrpoConfig config, TrainingStart start, StepWorkers workers, RunOutputs outputs) {
    HeldOutSplit split = HeldOutSplit.of(start.samples(), config.evaluation(), config.seed());
    this.config = config;
    this.objective = config.objective().objective();
    this.reference = objective.needsReference() ? start.initial() : null;
    this.prompts = new PromptSampler(split.training(), config.promptsPerStep(), config.seed());
    this.rewards = new StepRewards(config, start.rewardWeights());
    this.updates = new PolicyUpdates(config, objective, workers);
    this.workers = workers;
    this.outputs = outputs;
    this.run =
        new TrainingRun(
            start,
            workers,
            outputs,
            config.optimizer(),
            config.steps(),
            config.numIterations() * config.stepsPerGeneration(),
            config.saveSteps(),
            new Watch(
                config.evaluation(),
                new GreedyEvaluation(config, workers, split.heldOut()),
                outputs.checkpoints(),
                config.steps()));
  }

  /** Runs the steps that are left; the state after the last one. */
  public TrainingState train() {
    try (Rollouts rollouts = new Rollouts(config, reference, prompts, rewards, workers)) {
      TrainingState state = run.resume();
      while (run.goesOn(state)) {
        state = step(state, rollouts);
      }
      return state;
    }
  }

  private TrainingState step(TrainingState before, Rollouts rollouts) {
    GrpoMetrics metrics = new GrpoMetrics();
    Rollouts.Draw drawn = rollouts.next(before);
    StepGroups groups = drawn.groups();
    AdvantageEstimate advantages = rewards.advantages(groups.groups(), before.step());
    TrainingState state = requireSpread(before, advantages);
    int perPass = config.stepsPerGeneration();
    List<UpdateBatch> batches =
        updates.begin(
            UpdateBatch.cut(
                groups, advantages, objective, perPass, config.sampling().maxCompletionLength()),
            perPass * config.numIterations(),
            before.policy(),
            drawn.policy());
    try (LedgerWrite ledger = ledger(before.step(), groups, advantages, List.of())) {
      for (int u = 0; u < perPass * config.numIterations(); u++) {
        state =
            u % perPass < Math.max(1, batches.size())
                ? update(state, batches, u % perPass, before.policy(), drawn.policy(), metrics)
                : state.afterNoUpdate();
      }
    }
    leaveOut(before.step(), groups, advantages, metrics.failures());
    state =
        state
            .next(drawn.next(), groups.tokens())
            .drawnFrom(config.overlapRollouts() ? before.policy() : null);
    Map<String, Object> numbers = metrics.of(groups, advantages, rewards, objective, state);
    if (before.step() == 0) {
      CompletionWarning.ofStep(before.step(), groups.trajectories().toList())
          .ifPresent(warning -> numbers.put(MetricsSink.WARNING, warning));
    }
    return run.completed(state, numbers);
  }

  private LedgerWrite ledger(
      int step, StepGroups groups, AdvantageEstimate advantages, List<SampleFailure> failures) {
    return LedgerWrite.begin(
        outputs.trajectories(),
        step,
        TrajectoryRows.of(step, groups, advantages, failures, objective, config));
  }

  /**
   * Says of groups that an update had to do without that they failed: the table has them as used.
   */
  private void leaveOut(
      int step, StepGroups groups, AdvantageEstimate advantages, List<SampleFailure> failures) {
    if (!failures.isEmpty()) {
      ledger(step, groups, advantages, failures).close();
      List<SampleFailure> all = new ArrayList<>(groups.failures());
      all.addAll(failures);
      FailedShare.require(config.maxFailedShare(), all, groups.prompts(), step);
    }
  }

  private TrainingState update(
      TrainingState state,
      List<UpdateBatch> batches,
      int index,
      PolicyState began,
      PolicyState drawnBy,
      GrpoMetrics metrics) {
    if (!batches.isEmpty()) {
      metrics.failed(batches.get(index).failures());
    }
    if (batches.isEmpty() || batches.get(index).empty()) {
      return state.after(run.skip(state, "no token of it counts", Double.NaN));
    }
    GradientSum gradient = updates.gradient(batches.get(index), state.policy(), began, drawnBy);
    metrics.failed(gradient.failures());
    if (gradient.sums().sequences() == 0) {
      return state.after(run.skip(state, "every group of it failed", Double.NaN));
    }
    Update update = run.update(state, gradient, 1);
    metrics.update(update, gradient.sums());
    return state.after(update);
  }

  private TrainingState requireSpread(TrainingState before, AdvantageEstimate advantages) {
    boolean anySpread = !advantages.groups().stream().allMatch(Advantages::allZero);
    TrainingState state = before.drawn(anySpread);
    if (state.counters().degenerateInARow() >= config.maxDegenerateSteps()) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "Nothing to learn from: for "
              + config.maxDegenerateSteps()
              + " steps in a row, the last step "
              + before.step()
              + ", no group had answers of different rewards. Check the rewards, raise"
              + " sampling.temperature or num-generations, or turn dynamic-sample on.");
    }
    return state;
  }
}
