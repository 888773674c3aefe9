package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.model.MachineKind;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.step.Machines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster whose second worker computes with another instruction set. */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class MixedClusterIT {
  @TempDir private static Path folder;

  @Test
  void executorsOfAnotherKindAreRefusedOrAdmittedAndRecorded() throws Exception {
    String own = MachineKind.here().torch();
    String other = own.equals("DEFAULT") ? "avx2" : "default";
    StandaloneCluster cluster =
        StandaloneCluster.start(
            folder, ClusterBuild.sparkHome(), 1, Map.of("ATEN_CPU_CAPABILITY", other));
    try (SparkScope spark = FaultRun.session(cluster.master(), cluster.spark())) {
      assertThatThrownBy(() -> Machines.of(spark.context(), MachineRule.SAME))
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
          .hasMessageStartingWith("The executors are of 2 kinds of machine")
          .hasMessageContaining("on 127.0.0.1: " + MachineKind.here())
          .hasMessageContaining("on 127.0.0.2: ");
      Machines admitted = Machines.of(spark.context(), MachineRule.ANY);
      assertThat(admitted.kinds()).hasSize(2).contains(MachineKind.here().toString());
      Path run = folder.resolve("mixed");
      TrainingState end =
          FaultRun.train(
              spark.session(), run, TinyWorkers.learnable(), new LocalStorage(), admitted);
      assertThat(end.origin().machines()).isEqualTo(admitted.kinds());
      assertThat(
              Files.readString(
                  ClusterRuns.checkpoint(run, FaultRun.STEPS).resolve("trainer_state.json")))
          .contains(admitted.kinds());
    } finally {
      cluster.close();
    }
  }
}
