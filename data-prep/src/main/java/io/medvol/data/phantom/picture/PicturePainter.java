package io.medvol.data.phantom.picture;

import io.medvol.data.picture.Picture;
import java.util.SplittableRandom;

/** Paints a scene. */
final class PicturePainter {
  private PicturePainter() {}

  static Picture paint(PictureScene scene, int side, double noise, SplittableRandom random) {
    byte[] samples = new byte[side * side * Picture.COLOURS];
    Modality modality = scene.modality();
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        double x = (column + 0.5) / side - 0.5;
        double y = (row + 0.5) / side - 0.5;
        boolean lesion = scene.lesion() != null && scene.lesion().holds(x, y);
        boolean body = scene.shape().holds(x, y);
        double texture = texture(modality.texture(), x, y, random);
        double grain = noise * normal(random);
        for (int channel = 0; channel < Picture.COLOURS; channel++) {
          double level =
              lesion
                  ? modality.lesion()
                  : (body ? modality.body(channel) : modality.ground(channel)) * texture;
          samples[(row * side + column) * Picture.COLOURS + channel] =
              (byte) Math.max(0, Math.min(255, Math.round(level + grain)));
        }
      }
    }
    return new Picture(side, side, Picture.COLOURS, samples);
  }

  /** By what a level is multiplied. */
  private static double texture(
      Modality.Texture texture, double x, double y, SplittableRandom random) {
    return switch (texture) {
      case PLAIN -> 1;
      case SHADED -> 1 + 0.5 * x;
      case SPECKLED -> 0.6 + 0.8 * random.nextDouble();
      case BANDED -> 1 + 0.4 * StrictMath.sin(8 * Math.PI * y);
    };
  }

  /** The sum of twelve uniform numbers less six: near normal, the same on every machine. */
  private static double normal(SplittableRandom random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }
}
