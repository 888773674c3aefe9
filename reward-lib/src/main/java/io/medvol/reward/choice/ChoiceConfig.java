package io.medvol.reward.choice;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.response.ResponseForm;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** How multiple-choice questions are asked and rewarded. */
@ConfigDescription("How multiple-choice questions are asked and rewarded.")
public record ChoiceConfig(
    @ConfigDescription("Exactly the right blocks and an offered letter, or the released code.")
        ChoiceMode mode,
    @ConfigDescription(
            "The form asked for, taught and rewarded: think-answer (think), answer-only (no-think)"
                + " or answer-think (think-after).")
        ResponseForm responseForm,
    @ConfigDescription(
            "Weights of accuracy, format, or a term of your own by its name or its class; a term of"
                + " weight 0 is measured only, one without a value is left out.")
        Map<String, Double> weights,
    @ConfigDescription("Seconds a term of your own may take for a group, above 0 to 86400.")
        double termTimeoutSeconds,
    @ConfigDescription(
            "How often an answer whose term failed or took too long is tried again, 0 to 100.")
        int termRetries)
    implements Serializable {
  public ChoiceConfig {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(responseForm, "responseForm");
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    ConfigLimits.check()
        .satisfies(
            "weights",
            weights,
            all ->
                !all.isEmpty()
                    && all.values().stream().allMatch(w -> w != null && Double.isFinite(w)),
            "a finite number for at least one term, such as accuracy")
        .satisfies(
            "term-timeout-seconds",
            termTimeoutSeconds,
            seconds -> seconds > 0 && seconds <= 86_400,
            "above 0, at most 86400")
        .between("term-retries", termRetries, 0, 100)
        .orThrow();
  }

  /** Strict, with thoughts, both rewards of weight 1. */
  public static ChoiceConfig defaults() {
    Map<String, Double> weights = new LinkedHashMap<>();
    ChoiceRewards.BUILT_IN.forEach(term -> weights.put(term, 1.0));
    return new ChoiceConfig(
        ChoiceMode.STRICT,
        ResponseForm.THINK_ANSWER,
        weights,
        RewardConfig.DEFAULT_TERM_TIMEOUT_SECONDS,
        RewardConfig.DEFAULT_TERM_RETRIES);
  }

  public ChoiceConfig withResponseForm(ResponseForm form) {
    return new ChoiceConfig(mode, form, weights, termTimeoutSeconds, termRetries);
  }
}
