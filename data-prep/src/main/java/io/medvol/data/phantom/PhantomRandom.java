package io.medvol.data.phantom;

import java.util.SplittableRandom;

/** Draws of one phantom; the same on every machine and Java version. Not thread-safe. */
final class PhantomRandom {
  private final SplittableRandom random;
  private double spare = Double.NaN;

  PhantomRandom(long seed, long index, long attempt) {
    // Three golden-ratio multiples keep neighbouring keys apart before the generator mixes them.
    this.random =
        new SplittableRandom(
            seed * 0x9E3779B97F4A7C15L
                ^ (index + 1) * 0xC2B2AE3D27D4EB4FL
                ^ (attempt + 1) * 0x165667B19E3779F9L);
  }

  double uniform(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** In -1..1. */
  double sign() {
    return uniform(-1, 1);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Standard normal, by Marsaglia's polar method. */
  double normal() {
    if (!Double.isNaN(spare)) {
      double value = spare;
      spare = Double.NaN;
      return value;
    }
    while (true) {
      double u = sign();
      double v = sign();
      double s = u * u + v * v;
      if (s < 1 && s > 0) {
        double scale = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  }
}
