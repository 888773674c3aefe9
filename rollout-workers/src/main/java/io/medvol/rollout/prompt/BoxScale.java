package io.medvol.rollout.prompt;

import io.medvol.data.volume.GridSize;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.image.ImageSize;
import io.medvol.model.policy.PromptOptions;
import io.medvol.reward.response.CoordinateScale;

/** What coordinates prompts ask for, demonstrations show and answers are read in. Thread-safe. */
@FunctionalInterface
public interface BoxScale {
  /** 0..1000, whatever the volume. */
  BoxScale THOUSANDTHS = volume -> CoordinateScale.THOUSANDTHS;

  /** The scale on slices of a volume. */
  CoordinateScale of(GridSize volume);

  /** That of a model: thousandths, or pixels of a slice as its image processor resizes it. */
  static BoxScale of(ModelDirectory model, PromptOptions options) {
    if (!options.coordinates().pixels(model.modelType())) {
      return THOUSANDTHS;
    }
    ImageProcessor images = ImageProcessor.open(model, options);
    return volume -> {
      ImageSize resized = images.resized(new ImageSize(volume.rows(), volume.columns()));
      return new CoordinateScale(resized.columns(), resized.rows());
    };
  }
}
