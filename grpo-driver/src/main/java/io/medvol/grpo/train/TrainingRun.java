package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.OptimizerConfig;
import io.medvol.grpo.optim.AdamW;
import io.medvol.grpo.optim.GradientNorm;
import io.medvol.grpo.optim.PolicyOptimizer;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.trajectory.GradientSum;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both loops do around a step: resume, update, save. */
final class TrainingRun {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private final TrainingStart start;
  private final StepWorkers workers;
  private final RunOutputs outputs;
  private final PolicyOptimizer optimizer;
  private final int maxSkippedUpdates;
  private final int steps;
  private final int saveSteps;
  private final Watch watch;

  TrainingRun(
      TrainingStart start,
      StepWorkers workers,
      RunOutputs outputs,
      OptimizerConfig config,
      int steps,
      int updatesPerStep,
      int saveSteps,
      Watch watch) {
    this.watch = watch;
    this.start = start;
    this.workers = workers;
    this.outputs = outputs;
    this.steps = steps;
    this.saveSteps = saveSteps;
    this.maxSkippedUpdates = config.maxSkippedUpdates();
    this.optimizer =
        new PolicyOptimizer(
            new AdamW(
                start.layout(),
                config.adamBeta1(),
                config.adamBeta2(),
                config.adamEpsilon(),
                config.weightDecay()),
            config.schedule((long) steps * updatesPerStep),
            config.learningRate(),
            config.maxGradNorm());
  }

  /** Whether there is another step to run. */
  boolean goesOn(TrainingState state) {
    return state.step() < steps && !watch.ended(state);
  }

  /** Where to go on: the newest checkpoint of this very run, or its beginning. */
  TrainingState resume() {
    Optional<TrainingState> saved = outputs.checkpoints().newest();
    saved.ifPresent(state -> state.origin().requireSame(start.origin(), start.machines()));
    TrainingState state =
        saved
            .orElseGet(() -> TrainingState.start(start.initial(), start.origin()))
            .workedOnBy(start.origin().machines());
    if (saved.isPresent()) {
      LOG.info("Resuming before step {} with policy {}", state.step(), state.policy().digest());
    }
    outputs.lostBefore(state.step()).ifPresent(LOG::warn);
    outputs.metrics().discardFrom(state.step());
    outputs.trajectories().discardFrom(state.step());
    return state;
  }

  /**
   * Tries an update.
   *
   * @param factor multiplies the gradient
   */
  Update update(TrainingState state, GradientSum gradient, double factor) {
    if (!Double.isFinite(gradient.sums().loss())) {
      return skip(state, "the loss is not finite", GradientNorm.of(gradient.gradient()));
    }
    Update update =
        optimizer.update(
            state.policy(),
            state.optimizer(),
            gradient.gradient(),
            factor,
            state.counters().scheduled());
    return update instanceof Update.Skipped skipped
        ? skip(state, "the gradient, or the step it would make, is not finite", skipped.gradNorm())
        : update;
  }

  /**
   * Counts an update that cannot be made.
   *
   * @throws MedVolException (INVALID_CONFIG) if it is one too many in a row
   */
  Update.Skipped skip(TrainingState state, String reason, double gradNorm) {
    LOG.warn("Step {}: {}; the update is skipped", state.step(), reason);
    if (state.counters().skippedInARow() + 1 >= maxSkippedUpdates) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "Training diverged: "
              + maxSkippedUpdates
              + " updates in a row were skipped, the last at step "
              + state.step()
              + " because "
              + reason
              + ". Lower optimizer.learning-rate, or check the rewards and answers of that step.");
    }
    return optimizer.skip(gradNorm, state.counters().scheduled());
  }

  /** Evaluates, records and saves what is due; the state to go on with. */
  TrainingState completed(TrainingState state, Map<String, Object> metrics) {
    TrainingState seen = watch.look(state.workedOnBy(workers.machines()), metrics);
    outputs.metrics().record(seen.step() - 1, metrics);
    if (seen.step() % saveSteps == 0 || !goesOn(seen)) {
      outputs.checkpoints().save(seen);
    }
    return seen;
  }
}
