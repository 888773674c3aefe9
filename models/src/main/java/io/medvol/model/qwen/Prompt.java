package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.TokenIds;
import java.util.stream.IntStream;

/**
 * A prompt that was found to fit the network, with the positions of its tokens and patches.
 *
 * @param imageTokens where the tokens of its images and videos stand
 */
record Prompt(
    EncodedPrompt encoded, RopePositions positions, PatchGrid patches, TokenIds imageTokens) {

  /**
   * Checks a prompt.
   *
   * @throws MedVolException INVALID_INPUT if tokens, grids and pixel values do not belong together
   */
  static Prompt of(QwenConfig config, EncodedPrompt encoded) {
    int[] ids = encoded.tokens().toArray();
    if (ids.length == 0) {
      throw new MedVolException(ErrorCode.INVALID_INPUT, "The prompt is empty");
    }
    requireIds(config, encoded.tokens());
    int merge = config.vision().mergeSize();
    for (ImageGrid grid : encoded.grids()) {
      if (grid.frames() < 1
          || grid.rows() < merge
          || grid.columns() < merge
          || grid.rows() % merge != 0
          || grid.columns() % merge != 0) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "An image has "
                + grid.rows()
                + "x"
                + grid.columns()
                + " patches: expected multiples of "
                + merge);
      }
    }
    PatchGrid patches = PatchGrid.of(encoded.grids(), merge);
    long values = (long) patches.count() * config.vision().patchLength();
    if (encoded.pixelValues().length != values) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The prompt has "
              + encoded.pixelValues().length
              + " pixel values: expected "
              + values
              + " for "
              + patches.count()
              + " patches; is the image processor that of the model?");
    }
    int image = config.tokens().image();
    int video = config.tokens().video();
    int[] imageTokens =
        IntStream.range(0, ids.length).filter(i -> ids[i] == image || ids[i] == video).toArray();
    return new Prompt(
        encoded, RopePositions.of(ids, encoded.grids(), config), patches, TokenIds.of(imageTokens));
  }

  static void requireIds(QwenConfig config, TokenIds tokens) {
    for (int i = 0; i < tokens.length(); i++) {
      if (tokens.at(i) < 0 || tokens.at(i) >= config.text().vocabulary()) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "Token id "
                + tokens.at(i)
                + " is not below vocab_size "
                + config.text().vocabulary()
                + ": is the tokenizer that of the model?");
      }
    }
  }

  int length() {
    return encoded.tokens().length();
  }

  boolean hasImages() {
    return patches.count() > 0;
  }
}
