package io.medvol.grpo.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalStepWorkersTest extends StepWorkersContract {
  @Override
  protected StepWorkers open(StepWorkerFactory factory, int partitions) {
    return new LocalStepWorkers(factory.open(), partitions);
  }

  @Test
  void partsAreConsecutiveAndDifferByOneAtMost() {
    assertThat(Partitions.cut(List.of(1, 2, 3, 4, 5), 3))
        .containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
    assertThat(Partitions.cut(List.of(1, 2), 5)).containsExactly(List.of(1), List.of(2));
    assertThat(Partitions.cut(List.of(), 5)).isEmpty();
  }
}
