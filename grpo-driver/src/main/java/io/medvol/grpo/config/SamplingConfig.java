package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.model.policy.SamplingParams;

/** How answers are drawn. */
@ConfigDescription("How answers are drawn.")
public record SamplingConfig(
    @ConfigDescription("Divides the logits, in the rollout and in the loss; above 0.")
        double temperature,
    @ConfigDescription("Most tokens of an answer, at least 1.") int maxCompletionLength) {
  public SamplingConfig {
    ConfigLimits.check()
        .above("temperature", temperature, 0)
        .atLeast("max-completion-length", maxCompletionLength, 1)
        .orThrow();
  }

  public static SamplingConfig defaults() {
    return new SamplingConfig(1.0, 256);
  }

  public SamplingParams params() {
    return new SamplingParams(temperature, maxCompletionLength);
  }
}
