package io.medvol.spark.report;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.PixelBox;
import io.medvol.model.policy.RgbImage;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.WindowedSlices;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * One slice in the soft-tissue window, enlarged, with the borders of the true mask (green) and the
 * one that was found (red; yellow where both run) and the boxes (blue).
 */
public final class MaskOverlay {
  private static final int LEAST_SIDE = 384;
  private static final int TRUE = 0x00ff00;
  private static final int FOUND = 0xff0000;
  private static final int BOX = 0x3090ff;

  private MaskOverlay() {}

  /** The picture as PNG. */
  public static byte[] png(
      OpenVolume volume, int slice, BinaryMask truth, BinaryMask found, List<PixelBox> boxes) {
    int rows = volume.size().rows();
    int columns = volume.size().columns();
    int scale = Math.max(1, (LEAST_SIDE + Math.max(rows, columns) - 1) / Math.max(rows, columns));
    RgbImage grey = WindowedSlices.softTissue().render(volume.slice(slice), rows, columns);
    BufferedImage picture =
        new BufferedImage(columns * scale, rows * scale, BufferedImage.TYPE_INT_RGB);
    byte[] rgb = grey.rgb();
    for (int row = 0; row < rows * scale; row++) {
      for (int column = 0; column < columns * scale; column++) {
        int value = rgb[3 * (row / scale * columns + column / scale)] & 0xff;
        boolean real = border(truth, slice, row, column, scale);
        boolean drawn = border(found, slice, row, column, scale);
        int colour = (real ? TRUE : 0) | (drawn ? FOUND : 0);
        if (colour == 0) {
          colour = on(boxes, row, column, scale) ? BOX : value << 16 | value << 8 | value;
        }
        picture.setRGB(column, row, colour);
      }
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(picture, "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a pixel of the picture is inside the mask beside one that is not. */
  private static boolean border(BinaryMask mask, int slice, int row, int column, int scale) {
    return inside(mask, slice, row, column, scale)
        && !(inside(mask, slice, row - 1, column, scale)
            && inside(mask, slice, row + 1, column, scale)
            && inside(mask, slice, row, column - 1, scale)
            && inside(mask, slice, row, column + 1, scale));
  }

  private static boolean inside(BinaryMask mask, int slice, int row, int column, int scale) {
    int r = Math.floorDiv(row, scale);
    int c = Math.floorDiv(column, scale);
    return r >= 0
        && c >= 0
        && r < mask.size().rows()
        && c < mask.size().columns()
        && mask.get(slice, r, c);
  }

  private static boolean on(List<PixelBox> boxes, int row, int column, int scale) {
    for (PixelBox box : boxes) {
      int left = box.x1() * scale;
      int right = (box.x2() + 1) * scale - 1;
      int top = box.y1() * scale;
      int bottom = (box.y2() + 1) * scale - 1;
      boolean between = column >= left && column <= right && row >= top && row <= bottom;
      if (between && (column == left || column == right || row == top || row == bottom)) {
        return true;
      }
    }
    return false;
  }
}
