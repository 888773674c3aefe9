package io.medvol.spark.job;

import io.medvol.data.example.Sample;
import io.medvol.rollout.trajectory.RolloutSeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A part of a data set that leaves out no scan or picture before it has to: questions about one are
 * not independent, so that an interval over scans is as narrow for a part as for all of them. The
 * same part whatever the order of the samples.
 */
final class SpreadSamples {
  private SpreadSamples() {}

  /** At most so many samples, as evenly over their sources as can be, ordered by id. */
  static List<Sample> of(List<? extends Sample> samples, int most) {
    Map<String, List<Sample>> bySource =
        samples.stream()
            .sorted(
                Comparator.comparingLong((Sample sample) -> RolloutSeed.of(0, 0, sample.id(), 0))
                    .thenComparing(Sample::id))
            .collect(Collectors.groupingBy(Sample::sourceId, TreeMap::new, Collectors.toList()));
    List<Sample> part = new ArrayList<>();
    for (int round = 0; part.size() < Math.min(most, samples.size()); round++) {
      int turn = round;
      bySource.values().stream()
          .filter(own -> own.size() > turn)
          .limit(most - part.size())
          .forEach(own -> part.add(own.get(turn)));
    }
    part.sort(Comparator.comparing(Sample::id));
    return List.copyOf(part);
  }
}
