package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.model.PolicySource;
import io.medvol.model.PolicySource.Adapter;
import io.medvol.model.PolicySource.Trained;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterMode;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies of one process with one copy of what none of them trains. */
class FrozenWeightsTest {
  private static final Trained ADAPTER =
      new Adapter(new LoraConfig(2, 4, new TargetModules.Suffixes(List.of("q_proj", "v_proj"))));
  private static final Path MODEL = Golden.models("qwen3_vl").get(0);

  @TempDir Path temporary;

  private static PolicySource source(Trained trained, PolicyOptions options) {
    return new PolicySource(MODEL.toString(), trained, options);
  }

  private static PolicySource source(Trained trained) {
    return source(trained, PolicyOptions.defaults());
  }

  @Test
  void aSecondPolicyAddsNoWeights() {
    try (FrozenWeights frozen = FrozenWeights.open();
        QwenPolicy first = (QwenPolicy) source(ADAPTER).load(frozen)) {
      int weights = frozen.liveTensors();
      int own = first.liveTensors();
      assertThat(own).isLessThan(weights);
      try (QwenPolicy second = (QwenPolicy) source(ADAPTER).load(frozen)) {
        assertThat(frozen.liveTensors()).isEqualTo(weights);
        assertThat(second.liveTensors()).isEqualTo(own);
      }
      assertThat(frozen.liveTensors()).isEqualTo(weights);
      try (QwenPolicy half =
          (QwenPolicy)
              source(ADAPTER, PolicyOptions.defaults().withPrecision(Precision.BF16))
                  .load(frozen)) {
        assertThat(half.liveTensors()).isEqualTo(own);
        assertThat(frozen.liveTensors()).as("another type is another copy").isEqualTo(2 * weights);
      }
    }
  }

  @Test
  void policiesThatTrainDoNotDisturbEachOther() {
    for (Trained trained :
        List.of(
            ADAPTER,
            new PolicySource.Weights(TrainableParameters.ALL),
            new PolicySource.Weights(TrainableParameters.LANGUAGE_MODEL))) {
      try (FrozenWeights frozen = FrozenWeights.open();
          PolicyModel alone = source(trained).load();
          PolicyModel first = source(trained).load(frozen);
          PolicyModel second = source(trained).load(frozen)) {
        List<Object> expected = results(alone, 0);
        assertThat(results(first, 0.01f)).isNotEqualTo(expected);
        assertThat(results(second, 0)).isEqualTo(expected);
      }
    }
  }

  /** What threads that share weights compute at once is what one computes by itself. */
  @Test
  void policiesAtWorkAtOnceGiveTheBitsOfOneAlone() throws InterruptedException, ExecutionException {
    List<Object> expected;
    try (PolicyModel alone = source(ADAPTER).load()) {
      expected = results(alone, 0.01f);
    }
    int tasks = 3;
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try (FrozenWeights frozen = FrozenWeights.open()) {
      Callable<List<Object>> task =
          () -> {
            try (PolicyModel policy = source(ADAPTER).load(frozen)) {
              return results(policy, 0.01f);
            }
          };
      List<Future<List<Object>>> running = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        running.add(threads.submit(task));
      }
      for (Future<List<Object>> one : running) {
        assertThat(one.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Completions, log-probabilities and gradient of a policy moved by so much. */
  private static List<Object> results(PolicyModel policy, float by) {
    float[] moved = policy.parameters();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += by * (i % 5 - 2);
    }
    policy.setParameters(moved);
    EncodedPrompt prompt = policy.encode(QwenPolicyTest.question(1));
    List<TokenIds> answers = List.of(TokenIds.of(5, 6, 7), TokenIds.of(8, 9));
    float[] gradient = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, answers, 1, QwenPolicyTest::ones, gradient);
    List<Float> slopes = new ArrayList<>();
    for (float value : gradient) {
      slopes.add(value);
    }
    return List.of(
        policy.sample(prompt, new SamplingParams(1, 8), new long[] {1, 2}),
        policy.logProbs(prompt, answers, 1),
        slopes);
  }

  @Test
  void memoryIsFreedOnceOwnerAndUsersAreDone() {
    FrozenWeights frozen = FrozenWeights.open();
    PolicyModel policy = source(ADAPTER).load(frozen);
    List<TokenIds> answer = List.of(TokenIds.of(5, 6));
    EncodedPrompt prompt = policy.encode(QwenPolicyTest.question(1));
    Object before = policy.logProbs(prompt, answer, 1);
    frozen.close();
    assertThat(policy.logProbs(prompt, answer, 1)).isEqualTo(before);
    assertThat(frozen.liveTensors()).isPositive();
    assertThatThrownBy(() -> source(ADAPTER).load(frozen))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    policy.close();
    assertThat(frozen.liveTensors()).isZero();
  }

  @Test
  void aFileThatWasWrittenAgainIsLoadedAgain() throws IOException {
    ModelDirectory.open(MODEL).copySideFiles(temporary);
    Path weights = temporary.resolve("model.safetensors");
    Files.copy(MODEL.resolve("model.safetensors"), weights);
    PolicySource copy = new PolicySource(temporary.toString(), ADAPTER, PolicyOptions.defaults());
    try (FrozenWeights frozen = FrozenWeights.open();
        PolicyModel first = copy.load(frozen)) {
      int once = frozen.liveTensors();
      Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
      try (PolicyModel second = copy.load(frozen)) {
        assertThat(frozen.liveTensors()).isEqualTo(2 * once);
        assertThat(second.parameters()).isEqualTo(first.parameters());
      }
    }
  }

  @Test
  void nothingIsMergedIntoWeightsOfOthers() {
    try (FrozenWeights frozen = FrozenWeights.open();
        QwenPolicy policy = (QwenPolicy) source(ADAPTER).load(frozen)) {
      policy.useAdapter(AdapterMode.DISABLED);
      policy.useAdapter(AdapterMode.ACTIVE);
      assertThatThrownBy(() -> policy.useAdapter(AdapterMode.MERGED))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
