package io.medvol.model.weights;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;

/** Holds weights against the digest that the file beside them names. Stateless. */
public final class DescribedWeights {
  private DescribedWeights() {}

  /**
   * Requires that weights are those that were described.
   *
   * @param place folder of the two, for the sentence
   * @param described SHA-256 as 64 lower-case hexadecimal digits
   * @param description name of the file that says so
   * @throws MedVolException INVALID_INPUT if they differ
   */
  public static void require(byte[] weights, String place, String described, String description) {
    String found = Sha256.of(weights);
    if (!found.equals(described)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The weights in "
              + place
              + " have the SHA-256 "
              + found
              + ", not "
              + described
              + " as "
              + description
              + " says; copy the bundle again.");
    }
  }
}
