package io.medvol.grpo.train;

import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.evaluation.HeldOutSplit;
import io.medvol.grpo.evaluation.ValidationLoss;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.trajectory.GradientSum;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Supervised fine-tuning on demonstrations: the mean cross-entropy of their tokens, prompts left
 * out. Demonstrations are never padded; those about one scan may share a row, so that its pictures
 * are read once. One that fails is left out of its step, with its reason in the metrics. Ends early
 * where the loss of held-out ones stops falling. Resumes as {@link GrpoTrainer} does and writes the
 * same checkpoints, from which GRPO starts.
 */
public final class SftTrainer {
  private final PromptSampler prompts;
  private final StepWorkers workers;
  private final TrainingRun run;
  private final double maxFailedShare;

  public SftTrainer(
      SftConfig config, TrainingStart start, StepWorkers workers, RunOutputs outputs) {
    HeldOutSplit split = HeldOutSplit.of(start.samples(), config.evaluation(), config.seed());
    this.prompts =
        new PromptSampler(
            split.training(), config.promptsPerStep(), config.promptsPerSource(), config.seed());
    this.workers = workers;
    this.maxFailedShare = config.maxFailedShare();
    this.run =
        new TrainingRun(
            start,
            workers,
            outputs,
            config.optimizer(),
            config.steps(),
            1,
            config.saveSteps(),
            new Watch(
                config.evaluation(),
                new ValidationLoss(workers, split.heldOut()),
                outputs.checkpoints(),
                config.steps()));
  }

  /** Runs the steps that are left; the state after the last one. */
  public TrainingState train() {
    TrainingState state = run.resume();
    while (run.goesOn(state)) {
      state = step(state);
    }
    return state;
  }

  private TrainingState step(TrainingState before) {
    long startNanos = System.nanoTime();
    PromptSampler.Batch batch = prompts.batch(before.cursor());
    GradientSum gradient = workers.demonstrate(before.policy(), batch.samples());
    FailedShare.require(maxFailedShare, gradient.failures(), batch.samples().size(), before.step());
    ObjectiveSums sums = gradient.sums();
    double perToken = 1.0 / Math.max(1, sums.tokens());
    Update update =
        sums.tokens() == 0
            ? run.skip(before, "every demonstration failed", Double.NaN)
            : run.update(before, gradient, perToken);
    TrainingState state = before.after(update).next(batch.next(), sums.tokens());
    Map<String, Object> metrics = new LinkedHashMap<>();
    putFinite(metrics, "loss", sums.loss() * perToken);
    putFinite(metrics, "grad_norm", update.gradNorm());
    metrics.put("learning_rate", update.learningRate());
    putFinite(metrics, "entropy", sums.meanEntropy());
    metrics.put("num_tokens", state.counters().tokens());
    metrics.put("skipped_updates", state.counters().skipped());
    FailedShare.put(metrics, gradient.failures());
    metrics.put("step_time", (System.nanoTime() - startNanos) / 1e9);
    metrics.put("policy_digest", state.policy().digest());
    return run.completed(state, metrics);
  }

  private static void putFinite(Map<String, Object> metrics, String name, double value) {
    if (Double.isFinite(value)) {
      metrics.put(name, value);
    }
  }
}
