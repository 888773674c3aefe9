package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Native memory is freed by scopes alone, so what one forgets stays until the process ends. */
class QwenPolicyLeakTest {
  private static final int WARM_UP = 20;
  private static final int STEPS = 100;

  /** A leak of one activation in each step, 160 kB, would go beyond it. */
  private static final long LARGEST_GROWTH = 12L << 20;

  @ParameterizedTest
  @EnumSource(ActivationCheckpointing.class)
  @EnabledOnOs(OS.LINUX)
  void aHundredStepsLeaveMemoryAsItWas(ActivationCheckpointing checkpointing) throws IOException {
    PolicyOptions options = PolicyOptions.defaults().withCheckpointing(checkpointing);
    ModelDirectory directory = ModelDirectory.open(Golden.models("qwen3_vl").get(0));
    try (QwenPolicy policy = QwenPolicy.load(directory, TrainableParameters.ALL, options)) {
      EncodedPrompt prompt = policy.encode(QwenPolicyTest.question(2));
      float[] gradient = new float[policy.layout().size()];
      float[] parameters = policy.parameters();
      steps(policy, prompt, parameters, gradient, WARM_UP);
      int tensors = policy.liveTensors();
      long before = nativeBytes();
      steps(policy, prompt, parameters, gradient, STEPS);
      assertThat(policy.liveTensors()).isEqualTo(tensors);
      assertThat(nativeBytes() - before).isLessThan(LARGEST_GROWTH);
    }
  }

  private static void steps(
      QwenPolicy policy, EncodedPrompt prompt, float[] parameters, float[] gradient, int count) {
    for (int step = 0; step < count; step++) {
      List<TokenIds> drawn =
          policy.sample(prompt, new SamplingParams(1, 6), new long[] {step, -step}).stream()
              .map(Completion::tokens)
              .toList();
      policy.accumulateGradient(prompt, drawn, 1, QwenPolicyTest::ones, gradient);
      policy.setParameters(parameters);
    }
  }

  /** Resident memory that is no file's, less the Java heap, which grows and shrinks by itself. */
  private static long nativeBytes() throws IOException {
    System.gc();
    long resident = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon")) {
        resident = Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return resident - Runtime.getRuntime().totalMemory();
  }
}
