package io.medvol.reward.choice;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.reward.response.ResponseForm;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
    @ConfigDescription("Weights of accuracy and format.") Map<String, Double> weights)
    implements Serializable {
  private static final List<String> TERMS = List.of(ChoiceRewards.ACCURACY, ChoiceRewards.FORMAT);

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
                    && TERMS.containsAll(all.keySet())
                    && all.values().stream().allMatch(w -> w != null && Double.isFinite(w)),
            "a finite number for accuracy, format or both")
        .orThrow();
  }

  /** Strict, with thoughts, both rewards of weight 1. */
  public static ChoiceConfig defaults() {
    Map<String, Double> weights = new LinkedHashMap<>();
    TERMS.forEach(term -> weights.put(term, 1.0));
    return new ChoiceConfig(ChoiceMode.STRICT, ResponseForm.THINK_ANSWER, weights);
  }

  public ChoiceConfig withResponseForm(ResponseForm form) {
    return new ChoiceConfig(mode, form, weights);
  }
}
