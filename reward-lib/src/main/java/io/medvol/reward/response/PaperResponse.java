package io.medvol.reward.response;

import io.medvol.data.volume.PixelBox;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the released code makes of a completion: something is read from almost any text.
 *
 * @param wellFormed whether the whole text is a think block and an answer block
 * @param thought whether the first think block is not blank
 * @param payload whether the first answer block held a non-empty list, or an object
 * @param boxShare share of the listed boxes that lie in 0..1000 in order; 0 if none is listed
 * @param slice the number given as slice, of any size; null if there is none
 * @param boxes every box that could be read, in pixels
 */
public record PaperResponse(
    boolean wellFormed,
    boolean thought,
    boolean payload,
    double boxShare,
    BigInteger slice,
    List<PixelBox> boxes)
    implements Serializable {
  public PaperResponse {
    boxes = List.copyOf(boxes);
  }

  /** The slice, if it lies in a volume of that many. */
  public OptionalInt sliceWithin(int slices) {
    boolean inside =
        slice != null && slice.signum() >= 0 && slice.compareTo(BigInteger.valueOf(slices)) < 0;
    return inside ? OptionalInt.of(slice.intValue()) : OptionalInt.empty();
  }

  /** The four parts of the format reward, each in 0..1. */
  public List<Double> formatParts() {
    return List.of(wellFormed ? 1.0 : 0.0, thought ? 1.0 : 0.0, payload ? 1.0 : 0.0, boxShare);
  }
}
