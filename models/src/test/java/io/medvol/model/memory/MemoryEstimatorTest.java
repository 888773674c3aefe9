package io.medvol.model.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.medvol.data.error.MedVolException;
import io.medvol.model.Policies;
import io.medvol.model.memory.Workload.Trained;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimatorTest {
  /** Small, but with activations that are far larger than what a process needs anyhow. */
  private static final TinyPolicyConfig SIZES =
      new TinyPolicyConfig(1, 192, 4, 4, 2, 48, 768, 1e6, 128, 2, 4, 512, 8, 112, List.of());

  @TempDir Path folder;

  /** The allocator of the other process gives back what is freed, so that counts can be held. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void tensorsAreCountedAsTheyAreMade() throws IOException {
    TinyQwen3Vl.write(SIZES, folder);
    MemoryEstimator estimator = new MemoryEstimator(Policies.shape(folder));
    for (TensorProcess.Peaks peaks : TensorProcess.run(folder)) {
      Workload work = peaks.work();
      assertThat((double) estimator.rolloutTensors(work))
          .as("rollout, %s", work.options().checkpointing())
          .isCloseTo(peaks.rollout(), withinPercentage(20));
      assertThat((double) estimator.updateTensors(work))
          .as("update, %s", work.options().checkpointing())
          .isCloseTo(peaks.update(), withinPercentage(20));
    }
  }

  private static final PolicyOptions PLAIN = PolicyOptions.defaults().withFeatureCacheBytes(0);

  private static Workload work(PolicyOptions options, Trained trained, int group) {
    return new Workload(2000, 4096, group, 64, options, trained, 1000);
  }

  @Test
  void whatSavesMemorySavesItInThePrediction() {
    for (Path model : Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl")) {
      MemoryEstimator estimator = new MemoryEstimator(Policies.shape(model));
      long whole = estimator.update(work(PLAIN, Trained.ALL, 8));
      long language = estimator.update(work(PLAIN, Trained.LANGUAGE_MODEL, 8));
      long adapter = estimator.update(work(PLAIN, Trained.ADAPTER, 8));
      long attention = estimator.update(work(PLAIN, Trained.ATTENTION_ADAPTER, 8));
      assertThat(List.of(attention, adapter, language, whole)).isSorted().doesNotHaveDuplicates();
      PolicyOptions layers = PLAIN.withCheckpointing(ActivationCheckpointing.LAYERS);
      assertThat(estimator.update(work(layers, Trained.ADAPTER, 8))).isLessThan(adapter);
      PolicyOptions half = PLAIN.withPrecision(Precision.BF16);
      assertThat(estimator.weights(work(half, Trained.ADAPTER, 8)))
          .isLessThan(estimator.weights(work(PLAIN, Trained.ADAPTER, 8)));
      assertThat(estimator.rollout(work(PLAIN, Trained.ADAPTER, 4096)))
          .isGreaterThan(estimator.rollout(work(PLAIN, Trained.ADAPTER, 8)));
    }
  }

  @Test
  void saysWhatCannotBeTold() {
    assertThatThrownBy(() -> new Workload(0, 0, 1, 1, PLAIN, Trained.ALL, 0))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("prompt of 0 tokens");
  }
}
