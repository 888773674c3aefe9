package io.medvol.reward;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.Serializable;

/**
 * A soft penalty for long answers, the shape of DAPO's overlong punishment (arXiv 2503.14476) over
 * characters: nothing up to one length, then linearly to -1 at another, and no further.
 *
 * @param freeCharacters length up to which nothing is taken off
 * @param maxCharacters length from which 1 is taken off
 */
@ConfigDescription("What the term length takes off: 0 for a short answer, -1 for a long one.")
public record LengthPenalty(
    @ConfigDescription("Characters up to which nothing is taken off, at least 0.")
        int freeCharacters,
    @ConfigDescription("Characters from which 1 is taken off, above free-characters.")
        int maxCharacters)
    implements Serializable {
  public LengthPenalty {
    if (freeCharacters < 0 || maxCharacters <= freeCharacters) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "rewards.length-penalty goes from "
              + freeCharacters
              + " to "
              + maxCharacters
              + " characters: give 0 or more, and then more than that");
    }
  }

  public static LengthPenalty defaults() {
    return new LengthPenalty(1500, 3000);
  }

  /** From 0 to -1. */
  public double of(String completion) {
    double over =
        (completion.length() - freeCharacters) / (double) (maxCharacters - freeCharacters);
    return over <= 0 ? 0 : -Math.min(1, over);
  }
}
