package io.medvol.model.sam2;

import io.medvol.data.volume.GridSize;
import io.medvol.model.image.ImageSize;
import io.medvol.model.image.PillowBicubic;
import java.util.function.IntFunction;

/**
 * Slices resized by Pillow's bicubic filter, as MedSAM2's scripts do.
 *
 * @param size of the volume
 * @param grey gives a slice, {@code [row][column]} as unsigned bytes
 */
public record GreySlices(GridSize size, IntFunction<byte[]> grey) implements SliceImages {
  @Override
  public int slices() {
    return size.slices();
  }

  @Override
  public int rows() {
    return size.rows();
  }

  @Override
  public int columns() {
    return size.columns();
  }

  @Override
  public byte[] resized(int slice, int side) {
    return PillowBicubic.resize(
        grey.apply(slice), new ImageSize(rows(), columns()), 1, new ImageSize(side, side));
  }
}
