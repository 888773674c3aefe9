package io.medvol.grpo.evaluation;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.error.Sentence;
import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.worker.DemonstrationLoss;
import java.util.ArrayList;
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

  /**
   * @throws MedVolException (MALFORMED_DATA) if every one of them failed
   */
  @Override
  public Map<String, Object> measure(TrainingState state) {
    double loss = 0;
    long tokens = 0;
    List<String> failures = new ArrayList<>();
    for (DemonstrationLoss one : workers.validate(state.policy(), samples)) {
      loss += one.loss();
      tokens += one.tokens();
      if (one.failure() != null) {
        failures.add(one.failure());
      }
    }
    if (failures.size() == samples.size()) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "None of the "
              + samples.size()
              + " held-out demonstrations could be measured. The first: "
              + Sentence.ended(failures.get(0)));
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    double mean = loss / Math.max(1, tokens);
    if (Double.isFinite(mean)) {
      metrics.put("eval_loss", mean);
    }
    metrics.put("eval_samples", samples.size());
    metrics.put("eval_failures", failures.size());
    return metrics;
  }
}
