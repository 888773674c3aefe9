package io.medvol.model.tokenizer;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.TokenIds;
import java.util.Arrays;
import java.util.List;

/** Makes room in a prompt for the merged patches of its images. */
public final class ImagePlaceholders {
  private ImagePlaceholders() {}

  /**
   * Repeats the n-th placeholder once for each merged patch of the n-th image: {@code frames * rows
   * * columns / mergeSize^2} times.
   *
   * @param mergeSize patches per side that the vision tower merges into one token
   * @throws MedVolException INVALID_INPUT if there are not as many placeholders as images, which
   *     happens when a question holds the markup of one
   */
  public static TokenIds expand(
      TokenIds tokens, int placeholder, List<ImageGrid> grids, int mergeSize) {
    int length = tokens.length() - grids.size();
    for (ImageGrid grid : grids) {
      length = Math.addExact(length, mergedPatches(grid, mergeSize));
    }
    int[] expanded = new int[Math.max(0, length)];
    int image = 0;
    int end = 0;
    for (int i = 0; i < tokens.length(); i++) {
      int copies = 1;
      if (tokens.at(i) == placeholder) {
        copies = image < grids.size() ? mergedPatches(grids.get(image), mergeSize) : 0;
        image++;
      }
      if (end + copies > expanded.length) {
        break;
      }
      Arrays.fill(expanded, end, end + copies, tokens.at(i));
      end += copies;
    }
    if (image != grids.size() || end != expanded.length) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The prompt does not have one image placeholder for each of its "
              + grids.size()
              + " images: its text must not hold the markup of an image");
    }
    return TokenIds.of(expanded);
  }

  /** Tokens that an image takes in the prompt. */
  public static int mergedPatches(ImageGrid grid, int mergeSize) {
    return grid.patches() / (mergeSize * mergeSize);
  }
}
