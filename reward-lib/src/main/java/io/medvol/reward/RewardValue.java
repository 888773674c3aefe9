package io.medvol.reward;

import io.medvol.data.error.ForeignText;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The value of one reward term for one completion, with the reason it may lack one.
 *
 * @param value in 0..1 for the localisation terms, at most {@link #LARGEST} in size for others; NaN
 *     unless the status is OK
 * @param status why the value is what it is
 * @param detail a sentence about a failure or a special case, else empty
 * @param extras further numbers for the ledger, such as the intersection a Dice came from
 */
public record RewardValue(
    double value, RewardStatus status, String detail, Map<String, Double> extras)
    implements Serializable {
  /** Beyond it squares would overflow, and with them the deviation of a group. */
  public static final double LARGEST = 1e100;

  public RewardValue {
    Objects.requireNonNull(status, "status");
    detail = ForeignText.line(Objects.requireNonNull(detail, "detail"));
    extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    if (status == RewardStatus.OK ? !isUsable(value) : !Double.isNaN(value)) {
      throw new IllegalArgumentException(
          "A reward of status "
              + status
              + " cannot be "
              + value
              + (Double.isFinite(value) ? "; its size is at most " + LARGEST : ""));
    }
  }

  /** Whether means and deviations of such values are numbers, too. */
  static boolean isUsable(double value) {
    return Math.abs(value) <= LARGEST;
  }

  public static RewardValue ok(double value) {
    return new RewardValue(value, RewardStatus.OK, "", Map.of());
  }

  /** A value that a sentence explains. */
  public static RewardValue ok(double value, String detail) {
    return new RewardValue(value, RewardStatus.OK, detail, Map.of());
  }

  public static RewardValue failed(RewardStatus status, String detail) {
    return new RewardValue(Double.NaN, status, detail, Map.of());
  }
}
