package io.medvol.model.image;

import io.medvol.model.policy.RgbImage;
import java.util.Arrays;

/**
 * Pillow's antialiased bicubic resize in its 8-bit fixed point, bit for bit: columns first, then
 * rows; a cubic kernel with a = -0.5, stretched by the scale when shrinking; weights in multiples
 * of 2^-22; the result of each pass rounded and clipped to a byte; a side that keeps its length is
 * left alone. What Qwen-VL's and SAM2's processors feed their networks.
 */
public final class PillowBicubic {
  private static final int PRECISION_BITS = 22;
  private static final double A = -0.5;
  private static final double KERNEL_RADIUS = 2.0;

  private PillowBicubic() {}

  public static RgbImage resize(RgbImage image, ImageSize target) {
    byte[] rgb = resize(image.rgb(), new ImageSize(image.rows(), image.columns()), 3, target);
    return new RgbImage(target.rows(), target.columns(), rgb);
  }

  /**
   * Resizes interleaved 8-bit samples.
   *
   * @param samples {@code [row][column][channel]}, row-major
   * @return {@code [row][column][channel]} of the target size; the input itself if nothing changes
   */
  public static byte[] resize(byte[] samples, ImageSize size, int channels, ImageSize target) {
    if (samples.length != Math.multiplyExact(Math.toIntExact(size.pixels()), channels)) {
      throw new IllegalArgumentException(
          samples.length + " bytes are not " + size + " with " + channels + " channels");
    }
    byte[] result = samples;
    if (target.columns() != size.columns()) {
      result = resizeAxis(result, size.rows(), size.columns(), target.columns(), channels);
    }
    if (target.rows() != size.rows()) {
      result = resizeAxis(result, 1, size.rows(), target.rows(), target.columns() * channels);
    }
    return result;
  }

  /** Resizes the middle axis of {@code [outer][length][inner]}. */
  private static byte[] resizeAxis(
      byte[] samples, int outer, int length, int newLength, int inner) {
    byte[] result = new byte[Math.multiplyExact(Math.multiplyExact(outer, newLength), inner)];
    int[] sums = new int[inner];
    for (int to = 0; to < newLength; to++) {
      Taps taps = Taps.of(length, newLength, to);
      for (int o = 0; o < outer; o++) {
        Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
        for (int k = 0; k < taps.weights().length; k++) {
          int weight = taps.weights()[k];
          int from = (o * length + taps.first() + k) * inner;
          for (int i = 0; i < inner; i++) {
            sums[i] += weight * (samples[from + i] & 0xff);
          }
        }
        int at = (o * newLength + to) * inner;
        for (int i = 0; i < inner; i++) {
          result[at + i] = (byte) Math.max(0, Math.min(255, sums[i] >> PRECISION_BITS));
        }
      }
    }
    return result;
  }

  /** The samples that make one new sample, and their weights in multiples of 2^-22. */
  private record Taps(int first, int[] weights) {
    static Taps of(int length, int newLength, int to) {
      double scale = (double) length / newLength;
      double stretch = Math.max(1, scale);
      double radius = KERNEL_RADIUS * stretch;
      double centre = (to + 0.5) * scale;
      int first = Math.max(0, (int) (centre - radius + 0.5));
      int end = Math.min(length, (int) (centre + radius + 0.5));
      double[] weights = new double[end - first];
      double total = 0;
      for (int k = 0; k < weights.length; k++) {
        weights[k] = kernel((first + k - centre + 0.5) * (1 / stretch));
        total += weights[k];
      }
      int[] fixed = new int[weights.length];
      for (int k = 0; k < fixed.length; k++) {
        double scaled = weights[k] / total * (1 << PRECISION_BITS);
        fixed[k] = (int) (scaled + Math.copySign(0.5, scaled));
      }
      return new Taps(first, fixed);
    }

    private static double kernel(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? A * (((x - 5) * x + 8) * x - 4) : 0;
    }
  }
}
