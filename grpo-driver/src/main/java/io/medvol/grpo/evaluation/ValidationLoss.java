package io.medvol.grpo.evaluation;

import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.worker.DemonstrationLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The mean cross-entropy of held-out demonstrations, over their answers' tokens. */
public final class ValidationLoss implements HeldOutEvaluation {
  private final StepWorkers workers;
  private final List<Sample> samples;

  public ValidationLoss(StepWorkers workers, List<Sample> samples) {
    this.workers = Objects.requireNonNull(workers, "workers");
    this.samples = List.copyOf(samples);
  }

  @Override
  public Map<String, Object> measure(TrainingState state) {
    double loss = 0;
    long tokens = 0;
    long failures = 0;
    for (DemonstrationLoss one : workers.validate(state.policy(), samples)) {
      loss += one.loss();
      tokens += one.tokens();
      failures += one.failure() == null ? 0 : 1;
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    double mean = loss / Math.max(1, tokens);
    if (Double.isFinite(mean)) {
      metrics.put("eval_loss", mean);
    }
    metrics.put("eval_samples", samples.size());
    metrics.put("eval_failures", failures);
    return metrics;
  }
}
