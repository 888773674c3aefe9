package io.medvol.model.image;

import io.medvol.model.policy.ImageGrid;
import java.util.List;

/**
 * Pictures as a vision tower reads them. The array is not copied.
 *
 * @param pixelValues {@code [patch][channel x frame x row x column]} of all pictures, row-major;
 *     the patches of a picture follow one another by merge block, then by place in the block
 * @param grids one for each picture
 */
public record PatchedImages(float[] pixelValues, List<ImageGrid> grids) {
  public PatchedImages {
    grids = List.copyOf(grids);
  }
}
