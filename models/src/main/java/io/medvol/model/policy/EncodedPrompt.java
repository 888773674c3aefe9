package io.medvol.model.policy;

import java.util.List;

/**
 * A prompt as the network reads it.
 *
 * @param tokens ids with every image placeholder repeated once per merged patch
 * @param pixelValues {@code [patch][channel x frame x row x column]} of all images, row-major
 * @param grids one for each image, in the order of the placeholders
 */
public record EncodedPrompt(TokenIds tokens, float[] pixelValues, List<ImageGrid> grids) {
  public EncodedPrompt {
    grids = List.copyOf(grids);
  }
}
