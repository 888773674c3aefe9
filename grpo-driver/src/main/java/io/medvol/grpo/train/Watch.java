package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.checkpoint.BestSoFar;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.HeldOutConfig;
import io.medvol.grpo.evaluation.HeldOutEvaluation;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates a run from time to time, keeps its best checkpoint, and says when it should end. */
final class Watch {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final HeldOutConfig config;
  private final HeldOutEvaluation evaluation;
  private final CheckpointStore checkpoints;
  private final int steps;

  Watch(
      HeldOutConfig config, HeldOutEvaluation evaluation, CheckpointStore checkpoints, int steps) {
    this.config = config;
    this.evaluation = evaluation;
    this.checkpoints = checkpoints;
    this.steps = steps;
  }

  /** Whether the run has stopped getting better. */
  boolean ended(TrainingState state) {
    return config.earlyStoppingPatience() > 0
        && state.best().misses() >= config.earlyStoppingPatience();
  }

  /**
   * Evaluates where it is due, adding to the metrics of the step. The best checkpoint is written
   * before the step's own, so that a run resumed from the latter has both.
   */
  TrainingState look(TrainingState state, Map<String, Object> metrics) {
    boolean due =
        config.evaluates() && (state.step() % config.evalSteps() == 0 || state.step() == steps);
    if (!due) {
      return state;
    }
    Map<String, Object> found = evaluation.measure(state);
    metrics.putAll(found);
    if (!(found.get(config.metricForBestModel()) instanceof Double value)) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "evaluation.metric-for-best-model is "
              + config.metricForBestModel()
              + ", which the evaluation after step "
              + state.step()
              + " does not have; it has "
              + String.join(", ", found.keySet())
              + ".");
    }
    BestSoFar best = state.best();
    if (best.metric() != null && !better(value, best.metric())) {
      return state.with(new BestSoFar(best.metric(), best.step(), best.misses() + 1));
    }
    LOG.info("Step {}: best {} so far: {}", state.step(), config.metricForBestModel(), value);
    TrainingState improved = state.with(new BestSoFar(value, state.step(), 0));
    checkpoints.saveBest(improved);
    return improved;
  }

  private boolean better(double value, double best) {
    double gain = config.metricForBestModel().endsWith("loss") ? best - value : value - best;
    return gain > config.earlyStoppingThreshold();
  }
}
