package io.medvol.grpo.evaluation;

import io.medvol.grpo.checkpoint.TrainingState;
import java.util.Map;

/** Measures a policy on samples it is not trained on; equal states give equal numbers. */
@FunctionalInterface
public interface HeldOutEvaluation {
  /** Numbers under TRL's names with the prefix {@code eval_}. */
  Map<String, Object> measure(TrainingState state);
}
