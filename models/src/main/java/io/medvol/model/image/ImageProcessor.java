package io.medvol.model.image;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.PromptOptions;
import io.medvol.model.policy.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * The image processor of the Qwen-VL family: resize, normalise, cut into patches. Immutable and
 * thread-safe.
 */
public final class ImageProcessor {
  private static final int CHANNELS = 3;
  private static final int LEVELS = 256;

  private final ImageProcessorConfig config;
  private final SmartResize smartResize;
  private final float[][] normalised;

  public ImageProcessor(ImageProcessorConfig config) {
    this.config = config;
    this.smartResize = config.smartResize();
    this.normalised = new float[CHANNELS][LEVELS];
    for (int c = 0; c < CHANNELS; c++) {
      for (int level = 0; level < LEVELS; level++) {
        normalised[c][level] = (level / 255f - config.mean().get(c)) / config.std().get(c);
      }
    }
  }

  /** The image processor of a model. */
  public static ImageProcessor open(ModelDirectory directory) {
    return open(directory, PromptOptions.defaults());
  }

  /** The image processor of a model with the areas that the options name. */
  public static ImageProcessor open(ModelDirectory directory, PromptOptions options) {
    return new ImageProcessor(
        ImageProcessorConfig.of(directory.preprocessorConfig())
            .withPixels(options.minPixels(), options.maxPixels()));
  }

  public ImageProcessorConfig config() {
    return config;
  }

  /**
   * The patches of a picture of this size once it is resized.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if it is too narrow
   */
  public ImageGrid grid(ImageSize size) {
    ImageSize resized = resized(size);
    return new ImageGrid(
        1, resized.rows() / config.patchSize(), resized.columns() / config.patchSize());
  }

  /**
   * The size of a picture once it is resized.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if it is too narrow
   */
  public ImageSize resized(ImageSize size) {
    return smartResize.apply(size);
  }

  /** Values in one patch: channels x frames x rows x columns. */
  public int patchLength() {
    return CHANNELS * config.temporalPatchSize() * config.patchSize() * config.patchSize();
  }

  /**
   * Prepares pictures for the vision tower, one after the other.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if one is too narrow
   */
  public PatchedImages process(List<RgbImage> images) {
    List<ImageGrid> grids = new ArrayList<>();
    int patches = 0;
    for (RgbImage image : images) {
      ImageGrid grid = grid(new ImageSize(image.rows(), image.columns()));
      grids.add(grid);
      patches = Math.addExact(patches, grid.patches());
    }
    float[] values = new float[Math.multiplyExact(patches, patchLength())];
    int offset = 0;
    for (int i = 0; i < grids.size(); i++) {
      ImageGrid grid = grids.get(i);
      int side = config.patchSize();
      ImageSize target = new ImageSize(grid.rows() * side, grid.columns() * side);
      RgbImage resized = PillowBicubic.resize(images.get(i), target);
      offset = cut(resized, grid, values, offset);
    }
    return new PatchedImages(values, grids);
  }

  /** Writes the patches in the order of the merge blocks; gives the offset behind the last. */
  private int cut(RgbImage image, ImageGrid grid, float[] values, int start) {
    int merge = config.mergeSize();
    int offset = start;
    for (int blockRow = 0; blockRow < grid.rows(); blockRow += merge) {
      for (int blockColumn = 0; blockColumn < grid.columns(); blockColumn += merge) {
        for (int row = blockRow; row < blockRow + merge; row++) {
          for (int column = blockColumn; column < blockColumn + merge; column++) {
            cutPatch(image, row, column, values, offset);
            offset += patchLength();
          }
        }
      }
    }
    return offset;
  }

  private void cutPatch(RgbImage image, int patchRow, int patchColumn, float[] values, int start) {
    int side = config.patchSize();
    byte[] rgb = image.rgb();
    int to = start;
    for (int c = 0; c < CHANNELS; c++) {
      for (int frame = 0; frame < config.temporalPatchSize(); frame++) {
        for (int y = patchRow * side; y < (patchRow + 1) * side; y++) {
          int from = (y * image.columns() + patchColumn * side) * CHANNELS + c;
          for (int x = 0; x < side; x++) {
            values[to++] = normalised[c][rgb[from + x * CHANNELS] & 0xff];
          }
        }
      }
    }
  }
}
