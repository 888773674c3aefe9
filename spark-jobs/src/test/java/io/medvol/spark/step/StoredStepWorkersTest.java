package io.medvol.spark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.step.StepWorkersContract;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with policies that are read from files, however small they are. */
class StoredStepWorkersTest extends StepWorkersContract {
  @TempDir private Path run;

  @Override
  protected StepWorkers open(StepWorkerFactory factory, int partitions) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    StepTraffic.PolicyFolder folder =
        new StepTraffic.PolicyFolder(new LocalStorage(), policies().toString());
    return new SparkStepWorkers(
        spark,
        UUID.randomUUID().toString(),
        factory,
        partitions,
        new StepTraffic(Long.MAX_VALUE, 0, Optional.of(folder)),
        Machines.any());
  }

  private Path policies() {
    return run.resolve("policies");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(policies())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** One that no other test has sent: this JVM may still hold those. */
  private static PolicyState policy(float moved) {
    float[] values = TinyWorkers.initialPolicy().parameters().copy();
    values[2] += moved;
    return PolicyState.of(3, values);
  }

  private static String file(PolicyState policy) {
    return policy.version() + "-" + policy.digest() + ".safetensors";
  }

  @Test
  void onlyTheNewestPolicyIsKeptAndNoneInTheEnd() throws IOException {
    Files.createDirectories(policies());
    Files.writeString(policies().resolve("of-a-run-that-was-killed"), "");
    try (StepWorkers workers = open(TinyWorkers.learnable(), 2)) {
      workers.demonstrate(policy(1), TinyVolumes.samples(3));
      assertThat(files()).containsExactly(file(policy(1)));
      workers.demonstrate(policy(2), TinyVolumes.samples(3));
      assertThat(files()).containsExactly(file(policy(2)));
    }
    assertThat(policies()).doesNotExist();
  }

  @Test
  void theReferenceStaysToTheEnd() throws IOException {
    PolicyState reference = policy(8);
    try (StepWorkers workers = open(TinyWorkers.learnable(), 2)) {
      workers.rollout(rollout(policy(5), reference), TinyVolumes.samples(3));
      workers.rollout(rollout(policy(6), null), TinyVolumes.samples(3));
      workers.demonstrate(policy(7), TinyVolumes.samples(3));
      assertThat(files()).containsExactlyInAnyOrder(file(policy(7)), file(reference));
    }
  }

  private static RolloutRequest rollout(PolicyState policy, PolicyState reference) {
    return new RolloutRequest(policy, reference, 5, 3, 4, new SamplingParams(1, 6));
  }

  @Test
  void aFileThatHoldsOtherValuesIsRefused() throws IOException {
    PolicyState policy = policy(4);
    Path file = policies().resolve(file(policy));
    try (StepWorkers workers = open(TinyWorkers.learnable(), 2)) {
      workers.demonstrate(policy, TinyVolumes.samples(3));
      ExecutorPolicies.forget(stored(policy, file));
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
      assertThatThrownBy(() -> workers.demonstrate(policy, TinyVolumes.samples(3)))
          .hasMessageContaining(file.toString())
          .hasMessageContaining("does not hold the policy " + policy.digest());
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
      assertThatThrownBy(() -> workers.demonstrate(policy, TinyVolumes.samples(3)))
          .hasMessageContaining("cannot be read by an executor")
          .hasMessageContaining("run directory");
    }
  }

  private static StoredPolicy stored(PolicyState policy, Path file) {
    return new StoredPolicy(
        file.toString(), policy.version(), policy.digest(), policy.parameters().length());
  }
}
