package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.Coordinates;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import io.medvol.model.policy.PromptOptions;
import io.medvol.model.policy.TrainableParameters;

/** What is trained, what the policy reads and how it computes. */
@ConfigDescription("What is trained, what the policy reads and how it computes.")
public record PolicyConfig(
    @ConfigDescription("Which weights training may change.") TrainableParameters trainable,
    @ConfigDescription(
            "What the policy computes in; trained values stay float32. bf16 halves the memory.")
        Precision precision,
    @ConfigDescription(
            "What a training pass keeps: every activation, or the input of each layer, for less"
                + " memory and a third more arithmetic.")
        ActivationCheckpointing activationCheckpointing,
    @ConfigDescription(
            "Bytes of native memory a worker keeps features of pictures in while the vision tower"
                + " is not trained; 0 keeps none.")
        long featureCacheBytes,
    @ConfigDescription(
            "Smallest area of a picture after resizing, in pixels (min_pixels of the image"
                + " processor); 0 for the model's own.")
        long minPixels,
    @ConfigDescription(
            "Largest area of a picture after resizing, in pixels (max_pixels of the image"
                + " processor); 0 for the model's own. A smaller one makes prompts shorter.")
        long maxPixels,
    @ConfigDescription(
            "Most tokens of a prompt, those of its pictures included; a longer prompt is refused."
                + " 0 for any.")
        int maxPromptLength,
    @ConfigDescription(
            "How prompts, demonstrations and answers write boxes: thousandths of the slice, pixels"
                + " of the resized slice, or family for what the model's family was trained on:"
                + " pixels for Qwen2.5-VL, thousandths for Qwen2-VL and Qwen3-VL.")
        Coordinates coordinates) {
  public PolicyConfig {
    ConfigLimits.check()
        .atLeast("feature-cache-bytes", featureCacheBytes, 0)
        .atLeast("min-pixels", minPixels, 0)
        .atLeast("max-pixels", maxPixels, 0)
        .atLeast("max-prompt-length", maxPromptLength, 0)
        .orThrow();
  }

  public static PolicyConfig defaults() {
    PolicyOptions usual = PolicyOptions.defaults();
    return new PolicyConfig(
        TrainableParameters.ALL,
        usual.precision(),
        usual.checkpointing(),
        usual.featureCacheBytes(),
        usual.prompts().minPixels(),
        usual.prompts().maxPixels(),
        usual.prompts().maxLength(),
        usual.prompts().coordinates());
  }

  public PolicyOptions options() {
    return new PolicyOptions(
        precision,
        activationCheckpointing,
        featureCacheBytes,
        new PromptOptions(minPixels, maxPixels, maxPromptLength, coordinates));
  }
}
