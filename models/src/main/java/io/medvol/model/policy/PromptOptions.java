package io.medvol.model.policy;

import io.medvol.data.config.ConfigLimits;
import java.io.Serializable;
import java.util.Objects;

/**
 * What a policy reads.
 *
 * @param minPixels smallest area of a picture after resizing; 0 for the model's own
 * @param maxPixels largest area; 0 for the model's own
 * @param maxLength most tokens of a prompt, those of pictures included; 0 for any
 * @param coordinates how boxes are written
 */
public record PromptOptions(long minPixels, long maxPixels, int maxLength, Coordinates coordinates)
    implements Serializable {
  public PromptOptions {
    Objects.requireNonNull(coordinates, "coordinates");
    ConfigLimits.check()
        .atLeast("min-pixels", minPixels, 0)
        .atLeast("max-pixels", maxPixels, 0)
        .atLeast("max-prompt-length", maxLength, 0)
        .orThrow();
  }

  /** Pictures as the model's own settings say, prompts of any length. */
  public static PromptOptions defaults() {
    return new PromptOptions(0, 0, 0, Coordinates.FAMILY);
  }
}
