package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.OptimizerConfig;
import io.medvol.grpo.optim.AdamW;
import io.medvol.grpo.optim.PolicyOptimizer;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.rollout.trajectory.GradientSum;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both loops do around a step: resume, update, save. */
final class TrainingRun {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private final TrainingStart start;
  private final RunOutputs outputs;
  private final PolicyOptimizer optimizer;
  private final int maxSkippedUpdates;
  private final int steps;
  private final int saveSteps;

  TrainingRun(
      TrainingStart start,
      RunOutputs outputs,
      OptimizerConfig config,
      int steps,
      int updatesPerStep,
      int saveSteps) {
    this.start = start;
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

  /** Where to go on: the newest checkpoint of this very run, or its beginning. */
  TrainingState resume() {
    Optional<TrainingState> saved = outputs.checkpoints().newest();
    saved.ifPresent(this::requireSameRun);
    TrainingState state =
        saved.orElseGet(
            () ->
                TrainingState.start(start.initial(), start.initialDigest(), start.configDigest()));
    if (saved.isPresent()) {
      LOG.info("Resuming before step {} with policy {}", state.step(), state.policy().digest());
    }
    outputs.metrics().discardFrom(state.step());
    outputs.trajectories().discardFrom(state.step());
    return state;
  }

  private void requireSameRun(TrainingState saved) {
    if (!saved.configDigest().equals(start.configDigest())) {
      throw otherRun(
          "was made with other settings (digest "
              + saved.configDigest()
              + ", now "
              + start.configDigest()
              + ")");
    }
    if (!saved.initialDigest().equals(start.initialDigest())) {
      throw otherRun(
          "began from another model (digest "
              + saved.initialDigest()
              + ", now "
              + start.initialDigest()
              + ")");
    }
  }

  private static MedVolException otherRun(String difference) {
    return new MedVolException(
        ErrorCode.INVALID_CONFIG,
        "The checkpoint in the run directory "
            + difference
            + "; give the same ones to resume it, or another run directory to start anew.");
  }

  /**
   * Tries an update.
   *
   * @param factor multiplies the gradient
   */
  Update update(TrainingState state, GradientSum gradient, double factor) {
    Update update =
        optimizer.update(
            state.policy(),
            state.optimizer(),
            gradient.gradient(),
            factor,
            state.counters().scheduled());
    if (update instanceof Update.Skipped) {
      LOG.warn("Step {}: the gradient is not finite; the update is skipped", state.step());
      if (state.counters().skippedInARow() + 1 >= maxSkippedUpdates) {
        throw new MedVolException(
            ErrorCode.INVALID_CONFIG,
            "Training diverged: the gradient was not finite in "
                + maxSkippedUpdates
                + " updates in a row, the last at step "
                + state.step()
                + ". Lower optimizer.learning-rate, or check the rewards of that step.");
      }
    }
    return update;
  }

  /** Saves the state where one is due. */
  void completed(TrainingState state) {
    if (state.step() % saveSteps == 0 || state.step() == steps) {
      outputs.checkpoints().save(state);
    }
  }
}
