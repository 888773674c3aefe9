package io.medvol.grpo.train;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.advantage.AdvantageEstimator;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.GradientRequest.OldPolicy;
import io.medvol.rollout.worker.RolloutRequest;
import java.util.List;

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
  private final StepWorkers workers;
  private final RunOutputs outputs;
  private final TrainingRun run;

  public GrpoTrainer(
      GrpoConfig config, TrainingStart start, StepWorkers workers, RunOutputs outputs) {
    this.config = config;
    this.objective = config.objective().objective();
    this.reference = objective.needsReference() ? start.initial() : null;
    this.prompts = new PromptSampler(start.samples(), config.promptsPerStep(), config.seed());
    this.workers = workers;
    this.outputs = outputs;
    this.run =
        new TrainingRun(
            start,
            outputs,
            config.optimizer(),
            config.steps(),
            config.numIterations(),
            config.saveSteps());
  }

  /** Runs the steps that are left; the state after the last one. */
  public TrainingState train() {
    TrainingState state = run.resume();
    while (state.step() < config.steps()) {
      state = step(state);
      run.completed(state);
    }
    return state;
  }

  private TrainingState step(TrainingState before) {
    GrpoMetrics metrics = new GrpoMetrics();
    PromptSampler.Batch batch = prompts.batch(before.cursor());
    StepGroups groups =
        StepGroups.of(
            workers.rollout(rolloutRequest(before), batch.samples()),
            config.numGenerations(),
            config.maxFailedShare(),
            before.step());
    AdvantageEstimate advantages =
        AdvantageEstimator.estimate(groups.rewards(), config.scaleRewards());
    List<WeightedGroup> learned = groups.weighted(advantages, objective);
    TrainingState state = before;
    for (int iteration = 0; iteration < config.numIterations(); iteration++) {
      if (learned.isEmpty()) {
        state = state.afterNothingDrawn();
        continue;
      }
      GradientSum gradient = workers.gradient(gradientRequest(state, groups, iteration), learned);
      Update update = run.update(state, gradient, 1);
      metrics.update(update, gradient.sums());
      state = state.after(update);
    }
    state = state.next(batch.next(), groups.tokens());
    outputs
        .trajectories()
        .write(
            before.step(), TrajectoryRows.of(before.step(), groups, advantages, objective, config));
    outputs.metrics().record(before.step(), metrics.of(groups, advantages, objective, state));
    return state;
  }

  private RolloutRequest rolloutRequest(TrainingState state) {
    return new RolloutRequest(
        state.policy(),
        reference,
        config.seed(),
        state.step(),
        config.numGenerations(),
        config.sampling().params());
  }

  private GradientRequest gradientRequest(TrainingState state, StepGroups groups, int iteration) {
    LossDenominators denominators =
        groups.denominators(objective, config.sampling().maxCompletionLength());
    return new GradientRequest(
        state.policy(),
        config.sampling().temperature(),
        objective,
        iteration == 0 ? OldPolicy.CURRENT : OldPolicy.RECORDED,
        denominators);
  }
}
