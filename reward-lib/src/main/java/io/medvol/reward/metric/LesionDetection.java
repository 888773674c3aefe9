package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.reward.metric.ConnectedComponents.Connectivity;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which lesions of a scan were found. A lesion is a component of a mask, voxels touching at corners
 * too; found and expert's lesions are matched one to one, best overlap first.
 *
 * @param found lesions of the answer that match one of the expert's
 * @param falsePositives lesions of the answer that do not: the false positives of this scan
 * @param missed lesions of the expert that no lesion of the answer matches
 */
public record LesionDetection(int found, int falsePositives, int missed) implements Serializable {
  /** Overlap from which two lesions are the same. */
  public static final double SAME_LESION_IOU = 0.1;

  private record Pair(int answer, int expert, double iou) {}

  /** Compares the lesions of two masks on one grid. */
  public static LesionDetection of(BinaryMask answer, BinaryMask expert, double sameLesionIou) {
    LabelledRuns answers = LabelledRuns.of(answer, Connectivity.CORNERS);
    LabelledRuns experts = LabelledRuns.of(expert, Connectivity.CORNERS);
    List<Pair> pairs = pairs(answers, experts);
    pairs.removeIf(pair -> pair.iou() < sameLesionIou);
    pairs.sort(
        Comparator.comparingDouble(Pair::iou)
            .reversed()
            .thenComparingInt(Pair::expert)
            .thenComparingInt(Pair::answer));
    BitSet matchedAnswers = new BitSet();
    BitSet matchedExperts = new BitSet();
    for (Pair pair : pairs) {
      if (!matchedAnswers.get(pair.answer()) && !matchedExperts.get(pair.expert())) {
        matchedAnswers.set(pair.answer());
        matchedExperts.set(pair.expert());
      }
    }
    int found = matchedAnswers.cardinality();
    return new LesionDetection(found, answers.components() - found, experts.components() - found);
  }

  /** The lesions that share a voxel. */
  private static List<Pair> pairs(LabelledRuns answers, LabelledRuns experts) {
    Map<Long, Integer> shared = new HashMap<>();
    int a = 0;
    int e = 0;
    while (a < answers.runs() && e < experts.runs()) {
      int both =
          Math.min(answers.end(a), experts.end(e)) - Math.max(answers.start(a), experts.start(e));
      if (both > 0) {
        long pair = (long) answers.component(a) << Integer.SIZE | experts.component(e);
        shared.merge(pair, both, Integer::sum);
      }
      if (answers.end(a) < experts.end(e)) {
        a++;
      } else {
        e++;
      }
    }
    List<Pair> pairs = new ArrayList<>();
    shared.forEach(
        (pair, both) -> {
          int ofAnswer = (int) (pair >>> Integer.SIZE);
          int ofExpert = pair.intValue();
          int union = answers.voxels(ofAnswer) + experts.voxels(ofExpert) - both;
          pairs.add(new Pair(ofAnswer, ofExpert, both / (double) union));
        });
    return pairs;
  }

  /** Share of the answer's lesions that are there; 1 without any. */
  public double precision() {
    return share(found, found + falsePositives);
  }

  /** Share of the expert's lesions that were found; 1 without any. */
  public double recall() {
    return share(found, found + missed);
  }

  /** {@code 2·found / (lesions of both)}; 1 without any. */
  public double f1() {
    return share(2 * found, 2 * found + falsePositives + missed);
  }

  private static double share(int part, int all) {
    return all == 0 ? 1 : part / (double) all;
  }
}
