package io.medvol.reward.localisation;

import java.util.List;
import java.util.function.ToDoubleBiFunction;

/** Compares two sets of boxes. */
final class BoxMatching {
  private BoxMatching() {}

  /**
   * The largest one-to-one sum of IoU, divided by a count, in 0..1.
   *
   * @param iou of a predicted and a target box
   * @param count of boxes over which the sum is a mean, at least 1
   */
  static <B> double score(
      List<B> predicted, List<B> target, ToDoubleBiFunction<B, B> iou, int count) {
    double[][] values = new double[predicted.size()][target.size()];
    for (int p = 0; p < predicted.size(); p++) {
      for (int t = 0; t < target.size(); t++) {
        values[p][t] = iou.applyAsDouble(predicted.get(p), target.get(t));
      }
    }
    return Math.min(1, Assignment.largestSum(values) / count);
  }
}
