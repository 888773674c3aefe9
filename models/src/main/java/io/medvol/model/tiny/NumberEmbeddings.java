package io.medvol.model.tiny;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Embeddings of the numbers among the tokens, of mean square 1: the inner product of two falls with
 * their distance, so that what is learnt of one coordinate is learnt of its neighbours (random
 * Fourier features, Rahimi and Recht 2007). Slices and coordinates have a scale each.
 */
final class NumberEmbeddings {
  /** Numbers up to this one are slices. */
  private static final int LARGEST_SLICE = 15;

  private static final int LARGEST_COORDINATE = 1000;
  private static final int COORDINATE_STEP = 25;

  /** Distances at which numbers become strangers. */
  private static final double SLICE_SCALE = 1;

  private static final double COORDINATE_SCALE = 60;

  private NumberEmbeddings() {}

  /** A row of {@code width} values by the id of its token. */
  static Map<Integer, float[]> draw(TinyVocabulary vocabulary, int width, long seed) {
    Map<Integer, float[]> rows = new HashMap<>();
    Features slices = new Features(width, SLICE_SCALE, new Random(seed * 31 + 1));
    for (int slice = 0; slice <= LARGEST_SLICE; slice++) {
      rows.put(id(vocabulary, slice), slices.of(slice));
    }
    Features coordinates = new Features(width, COORDINATE_SCALE, new Random(seed * 31 + 2));
    for (int at = COORDINATE_STEP; at <= LARGEST_COORDINATE; at += COORDINATE_STEP) {
      rows.put(id(vocabulary, at), coordinates.of(at));
    }
    return rows;
  }

  private static int id(TinyVocabulary vocabulary, int number) {
    String text = Integer.toString(number);
    return text.length() == 1 ? vocabulary.bytes().indexOf(text) : vocabulary.id(text);
  }

  private static final class Features {
    private final double[] frequencies;
    private final double[] phases;

    Features(int width, double scale, Random random) {
      frequencies = new double[width];
      phases = new double[width];
      for (int i = 0; i < width; i++) {
        frequencies[i] = random.nextGaussian() / scale;
        phases[i] = 2 * Math.PI * random.nextDouble();
      }
    }

    float[] of(int number) {
      float[] row = new float[frequencies.length];
      for (int i = 0; i < row.length; i++) {
        // StrictMath: the same bytes on every machine.
        row[i] = (float) (Math.sqrt(2) * StrictMath.cos(frequencies[i] * number + phases[i]));
      }
      return row;
    }
  }
}
