package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.memory.PinnedProcess;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.testing.Golden;
import java.io.IOException;
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
    Path model = Golden.models("qwen3_vl").get(0);
    List<String> measured =
        PinnedProcess.run(Steps.class, model.toString(), checkpointing.toString());
    assertThat(measured).hasSize(2);
    assertThat(Integer.parseInt(measured.get(0))).as("tensors more than before").isZero();
    assertThat(Long.parseLong(measured.get(1))).as("growth").isLessThan(LARGEST_GROWTH);
  }

  /** What is measured. */
  static final class Steps {
    private Steps() {}

    /** Reports by how many tensors and bytes a hundred steps have grown. */
    public static void main(String[] arguments) throws IOException {
      PolicyOptions options =
          PolicyOptions.defaults().withCheckpointing(ActivationCheckpointing.valueOf(arguments[1]));
      ModelDirectory directory = ModelDirectory.open(Path.of(arguments[0]));
      try (QwenPolicy policy = QwenPolicy.load(directory, TrainableParameters.ALL, options)) {
        EncodedPrompt prompt = policy.encode(QwenPolicyTest.question(2));
        float[] gradient = new float[policy.layout().size()];
        float[] parameters = policy.parameters();
        steps(policy, prompt, parameters, gradient, WARM_UP);
        int tensors = policy.liveTensors();
        long before = PinnedProcess.resident();
        steps(policy, prompt, parameters, gradient, STEPS);
        PinnedProcess.report("" + (policy.liveTensors() - tensors));
        PinnedProcess.report("" + (PinnedProcess.resident() - before));
      }
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
}
