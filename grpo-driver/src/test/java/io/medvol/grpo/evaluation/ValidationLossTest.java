package io.medvol.grpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.RunOrigin;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidationLossTest {
  private static final Sample READABLE = TinyVolumes.sample("good", "volume", "a");
  private static final Sample UNREADABLE = TinyVolumes.sample("bad", "broken", "a");

  @Test
  void oneThatCannotBeReadCountsApart() {
    Map<String, Object> alone = measure(List.of(READABLE));
    Map<String, Object> found = measure(List.of(UNREADABLE, READABLE));
    assertThat(found).containsEntry("eval_loss", alone.get("eval_loss"));
    assertThat(found).containsEntry("eval_failures", 1);
    assertThat(alone).containsEntry("eval_failures", 0);
  }

  @Test
  void aLossOfNothingIsNone() {
    assertThatThrownBy(() -> measure(List.of(UNREADABLE)))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
        .hasMessageContaining("None of the 1 held-out demonstrations")
        .hasMessageContaining("truncated");
  }

  private static Map<String, Object> measure(List<Sample> samples) {
    try (StepWorkers workers = new LocalStepWorkers(TinyWorkers.learnable().open(), 1)) {
      return new ValidationLoss(workers, samples)
          .measure(
              TrainingState.start(TinyWorkers.initialPolicy(), RunOrigin.of("config", "initial")));
    }
  }
}
