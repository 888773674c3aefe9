package io.medvol.rollout.trajectory;

/**
 * Keyed 64-bit seeds: a pure function of run, step, sample and place in the group, so that a
 * retried, speculative or moved task draws the same answer. The position of the token is mixed in
 * by the model.
 *
 * <p>Each word goes through the finaliser of SplitMix64 (Steele, Lea and Flood, 2014), a bijection
 * of 64 bits in which every input bit moves about half of the output bits.
 */
public final class RolloutSeed {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private RolloutSeed() {}

  public static long of(long runSeed, int step, String sampleId, int index) {
    long state = mix(runSeed + GOLDEN_GAMMA);
    state = absorb(state, step);
    state = absorb(state, hash(sampleId));
    return absorb(state, index);
  }

  /** Folds one more word into a seed; the order of the words matters. */
  public static long absorb(long state, long word) {
    return mix(state * 3 + GOLDEN_GAMMA + mix(word + GOLDEN_GAMMA));
  }

  /** 64 bits of a text by its UTF-16 units. */
  public static long hash(String text) {
    long state = text.length();
    for (int i = 0; i < text.length(); i++) {
      state = absorb(state, text.charAt(i));
    }
    return state;
  }

  private static long mix(long word) {
    long z = word;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
