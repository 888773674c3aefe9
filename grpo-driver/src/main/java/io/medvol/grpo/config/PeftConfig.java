package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.error.MedVolException;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.LoraScaling;
import io.medvol.model.lora.TargetModules;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether a low-rank adapter is trained instead of weights; names and defaults are peft's. */
@ConfigDescription(
    "Training of a low-rank adapter (LoRA) beside the model, whose weights stay as they are; names"
        + " are peft's.")
public record PeftConfig(
    @ConfigDescription("none trains the weights that policy.trainable names.") Use use,
    @ConfigDescription("Rank of the adapter, at least 1.") int r,
    @ConfigDescription("The adapter's product is multiplied by lora-alpha / r; above 0.")
        double loraAlpha,
    @ConfigDescription(
            "Modules that get an adapter: the last parts of their names; or one text, all-linear or"
                + " a regular expression that whole names must match.")
        List<String> targetModules,
    @ConfigDescription("Only 0: answers are drawn and scored by one and the same network.")
        double loraDropout,
    @ConfigDescription("Divide lora-alpha by the root of r instead (arXiv 2312.03732).")
        boolean useRslora) {
  public PeftConfig {
    Objects.requireNonNull(use, "use");
    targetModules = List.copyOf(targetModules);
    ConfigLimits.check()
        .atLeast("r", r, 1)
        .satisfies("lora-alpha", loraAlpha, a -> a > 0 && Double.isFinite(a), "above 0")
        .notEmpty("target-modules", targetModules)
        .satisfies("target-modules", targetModules, PeftConfig::readable, "names, or one regex")
        .satisfies("lora-dropout", loraDropout, dropout -> dropout == 0, "0")
        .orThrow();
  }

  /** What is trained beside a model. */
  public enum Use {
    NONE,
    LORA
  }

  public static PeftConfig defaults() {
    return new PeftConfig(
        Use.NONE, 8, 8, List.of("q_proj", "k_proj", "v_proj", "o_proj"), 0, false);
  }

  /** The settings of an adapter that exists. */
  public static PeftConfig of(LoraConfig config) {
    return new PeftConfig(
        Use.LORA,
        config.rank(),
        config.alpha(),
        config.targets().words().stream().sorted().toList(),
        0,
        config.scaling() == LoraScaling.RANK_STABILISED);
  }

  /** The adapter to train, if one is to be. */
  public Optional<LoraConfig> adapter() {
    return use == Use.NONE
        ? Optional.empty()
        : Optional.of(
            new LoraConfig(
                r,
                loraAlpha,
                TargetModules.of(targetModules),
                useRslora ? LoraScaling.RANK_STABILISED : LoraScaling.STANDARD));
  }

  private static boolean readable(List<String> words) {
    try {
      return words.stream().noneMatch(String::isBlank)
          && (words.isEmpty() || !TargetModules.of(words).words().isEmpty());
    } catch (MedVolException e) {
      return false;
    }
  }
}
