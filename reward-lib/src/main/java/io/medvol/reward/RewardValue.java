package io.medvol.reward;

import java.io.Serializable;

/**
 * The value of one reward term for one completion, with the reason it may lack one.
 *
 * @param value in 0..1 for the localisation terms; NaN unless the status is OK
 * @param detail a sentence about a failure, else empty
 */
public record RewardValue(double value, RewardStatus status, String detail)
    implements Serializable {
  public static RewardValue ok(double value) {
    return new RewardValue(value, RewardStatus.OK, "");
  }

  public static RewardValue failed(RewardStatus status, String detail) {
    return new RewardValue(Double.NaN, status, detail);
  }
}
