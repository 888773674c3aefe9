package io.medvol.model.sam2;

/**
 * Sine encodings, in float32 step by step as the reference computes them. Frequencies are {@code
 * 10000^(-2 floor(i / 2) / n)}.
 */
final class Sines {
  private static final double TEMPERATURE = 10000;

  private Sines() {}

  /**
   * Of the places of a square map, {@code [channel][row][column]}: the first half of the channels
   * encodes the row, the second the column, sine and cosine alternating.
   */
  static float[] map(int channels, int side) {
    int half = channels / 2;
    float[] axis = new float[half * side];
    float scale = (float) (2 * Math.PI);
    for (int place = 0; place < side; place++) {
      float angle = (place + 1) / (side + 1e-6f) * scale;
      for (int i = 0; i < half; i++) {
        float turned = angle / divisor(i, half);
        axis[i * side + place] = (float) (i % 2 == 0 ? Math.sin(turned) : Math.cos(turned));
      }
    }
    float[] map = new float[channels * side * side];
    for (int i = 0; i < half; i++) {
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          int at = row * side + column;
          map[i * side * side + at] = axis[i * side + row];
          map[(half + i) * side * side + at] = axis[i * side + column];
        }
      }
    }
    return map;
  }

  /** Of one number: the first half of the channels are sines, the second cosines. */
  static void number(float value, float[] target, int offset, int channels) {
    int half = channels / 2;
    for (int i = 0; i < half; i++) {
      float angle = value / divisor(i, half);
      target[offset + i] = (float) Math.sin(angle);
      target[offset + half + i] = (float) Math.cos(angle);
    }
  }

  private static float divisor(int index, int half) {
    return (float) Math.pow(TEMPERATURE, 2f * (index / 2) / half);
  }

  /**
   * Rotations of the places of a square map (axial rotary position, arXiv 2403.13298): {@code
   * [place][pair][cosine, sine]}, the first half of the pairs turned by the column, the second by
   * the row.
   *
   * @param channels of one head, a multiple of 4
   */
  static float[] rotations(int channels, int side, double theta) {
    int quarter = channels / 4;
    float[] turns = new float[side * side * quarter * 4];
    int at = 0;
    for (int place = 0; place < side * side; place++) {
      for (int pair = 0; pair < 2 * quarter; pair++) {
        int i = pair % quarter;
        float frequency = 1 / (float) Math.pow(theta, (float) (4 * i) / channels);
        float angle = (pair < quarter ? place % side : place / side) * frequency;
        turns[at++] = (float) Math.cos(angle);
        turns[at++] = (float) Math.sin(angle);
      }
    }
    return turns;
  }
}
