package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.model.policy.SamplingParams;
import java.util.List;

/**
 * How answers are drawn. The importance ratio and the KL term read the policy at the temperature
 * alone, whatever else shapes the draw, as in TRL.
 */
@ConfigDescription(
    "How answers are drawn. The loss divides the logits by the temperature too; the other options"
        + " shape the draw only. Tokens that stand for pictures are never drawn.")
public record SamplingConfig(
    @ConfigDescription("Divides the logits, in the rollout and in the loss; above 0.")
        double temperature,
    @ConfigDescription("Most tokens of an answer, at least 1.") int maxCompletionLength,
    @ConfigDescription(
            "Before so many tokens an answer cannot end by an end token; from 0 to"
                + " max-completion-length.")
        int minNewTokens,
    @ConfigDescription(
            "Keeps the fewest most likely tokens that together have this probability; above 0 to"
                + " 1; 1 keeps all.")
        double topP,
    @ConfigDescription("Keeps so many of the most likely tokens, at least 0; 0 keeps all.")
        int topK,
    @ConfigDescription(
            "Keeps tokens at least this likely compared to the most likely one, 0 to 1; 0 keeps"
                + " all.")
        double minP,
    @ConfigDescription(
            "Makes tokens of the prompt and the answer so far less likely, above 0; 1 leaves"
                + " them.")
        double repetitionPenalty,
    @ConfigDescription("Texts after which an answer ends; they stay in it.")
        List<String> stopStrings) {
  public SamplingConfig {
    stopStrings = List.copyOf(stopStrings);
    ConfigLimits.check()
        .above("temperature", temperature, 0)
        .atLeast("max-completion-length", maxCompletionLength, 1)
        .between("min-new-tokens", minNewTokens, 0, Math.max(maxCompletionLength, 0))
        .satisfies("top-p", topP, p -> p > 0 && p <= 1, "above 0 to 1")
        .atLeast("top-k", topK, 0)
        .between("min-p", minP, 0, 1)
        .above("repetition-penalty", repetitionPenalty, 0)
        .satisfies("stop-strings", stopStrings, s -> !s.contains(""), "texts that are not empty")
        .orThrow();
  }

  /** Draws from all tokens. */
  public SamplingConfig(double temperature, int maxCompletionLength) {
    this(temperature, maxCompletionLength, 0, 1, 0, 0, 1, List.of());
  }

  public static SamplingConfig defaults() {
    return new SamplingConfig(1.0, 256);
  }

  public SamplingParams params() {
    return new SamplingParams(
        temperature,
        maxCompletionLength,
        topP,
        topK,
        minP,
        repetitionPenalty,
        minNewTokens,
        stopStrings);
  }
}
