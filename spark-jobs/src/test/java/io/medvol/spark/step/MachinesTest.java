package io.medvol.spark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.model.MachineKind;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.spark.SharedSpark;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class MachinesTest {
  private static final List<String> MIXED =
      List.of(
          "Executor 0 on alpha\ncpu A",
          "Executor 1 on beta\ncpu B",
          "Executor 2 on gamma\ncpu B",
          "Executor 0 on alpha\ncpu A");

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());

  @Test
  void executorsOfSeveralKindsAreOneSentence() {
    assertThatThrownBy(() -> Machines.of(MachineRule.SAME, MIXED))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage(
            "The executors are of 2 kinds of machine, whose results differ in their last bits:"
                + " Executor 0 on alpha: cpu A; Executor 1 on beta and Executor 2 on gamma: cpu B."
                + " Use one kind, or give up equal bytes by spark.machines=any.");
    assertThat(Machines.of(MachineRule.ANY, MIXED).kinds()).containsExactly("cpu A", "cpu B");
    assertThat(Machines.of(MachineRule.SAME, MIXED.subList(1, 3)).kinds()).containsExactly("cpu B");
  }

  @Test
  void theExecutorsHereAreOfOneKind() {
    assertThat(Machines.of(spark, MachineRule.SAME).kinds())
        .containsExactly(MachineKind.here().toString());
  }

  @Test
  void anExecutorOfAnotherKindThatJoinsLaterIsRefusedOrAdmittedAndRecorded() {
    Set<String> other = Set.of("cpu A");
    assertThatThrownBy(() -> demonstrate(new Machines(MachineRule.SAME, new TreeSet<>(other))))
        .rootCause()
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessageContaining("is of another kind of machine than this run began on: cpu ")
        .hasMessageContaining(", not cpu A. Use one kind, or give up equal bytes by");
    assertThat(demonstrate(new Machines(MachineRule.ANY, new TreeSet<>(other))))
        .containsExactly(MachineKind.here().toString());
  }

  /** The kinds of machine that have worked. */
  private Set<String> demonstrate(Machines machines) {
    try (StepWorkers workers =
        new SparkStepWorkers(
            spark,
            "machines " + machines,
            TinyWorkers.learnable(),
            1,
            StepTraffic.inMemory(),
            machines)) {
      workers.demonstrate(TinyWorkers.initialPolicy(), TinyVolumes.samples(1));
      return workers.machines();
    }
  }
}
