package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.reward.metric.ConnectedComponents.Connectivity;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    List<int[]> answers = ConnectedComponents.voxels(answer, Connectivity.CORNERS);
    List<int[]> experts = ConnectedComponents.voxels(expert, Connectivity.CORNERS);
    List<Pair> pairs = pairs(answers, experts, expert);
    pairs.removeIf(pair -> pair.iou() < sameLesionIou);
    pairs.sort(
        Comparator.comparingDouble(Pair::iou)
            .reversed()
            .thenComparingInt(Pair::expert)
            .thenComparingInt(Pair::answer));
    Set<Integer> matchedAnswers = new HashSet<>();
    Set<Integer> matchedExperts = new HashSet<>();
    for (Pair pair : pairs) {
      if (!matchedAnswers.contains(pair.answer()) && !matchedExperts.contains(pair.expert())) {
        matchedAnswers.add(pair.answer());
        matchedExperts.add(pair.expert());
      }
    }
    int found = matchedAnswers.size();
    return new LesionDetection(found, answers.size() - found, experts.size() - found);
  }

  private static List<Pair> pairs(List<int[]> answers, List<int[]> experts, BinaryMask expert) {
    int[] voxels = experts.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    int[] lesionOf = new int[voxels.length];
    for (int e = 0; e < experts.size(); e++) {
      for (int voxel : experts.get(e)) {
        lesionOf[Arrays.binarySearch(voxels, voxel)] = e;
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < answers.size(); a++) {
      Map<Integer, Integer> shared = new HashMap<>();
      for (int voxel : answers.get(a)) {
        if (expert.nextSet(voxel) == voxel) {
          shared.merge(lesionOf[Arrays.binarySearch(voxels, voxel)], 1, Integer::sum);
        }
      }
      int size = answers.get(a).length;
      for (Map.Entry<Integer, Integer> overlap : shared.entrySet()) {
        int union = size + experts.get(overlap.getKey()).length - overlap.getValue();
        pairs.add(new Pair(a, overlap.getKey(), overlap.getValue() / (double) union));
      }
    }
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
