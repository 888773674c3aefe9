package io.medvol.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.PixelBox;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SpreadSamplesTest {
  private final List<Sample> samples = new ArrayList<>();

  SpreadSamplesTest() {
    for (int scan = 0; scan < 4; scan++) {
      // The last scan has two questions, the others nine.
      for (int question = 0; question < (scan == 3 ? 2 : 9); question++) {
        samples.add(sample("scan-" + scan, "scan-" + scan + "/" + question));
      }
    }
  }

  @Test
  void aPartTakesAsMuchOfEachScanAsThereIs() {
    Map<String, Long> counts =
        SpreadSamples.of(samples, 14).stream()
            .collect(Collectors.groupingBy(Sample::sourceId, Collectors.counting()));
    assertThat(counts).isEqualTo(Map.of("scan-0", 4L, "scan-1", 4L, "scan-2", 4L, "scan-3", 2L));
  }

  @Test
  void aPartIsTheSameWhateverTheOrderAndSortedById() {
    List<Sample> part = SpreadSamples.of(samples, 11);
    assertThat(part).hasSize(11).isSortedAccordingTo(Comparator.comparing(Sample::id));
    Collections.shuffle(samples, new Random(3));
    assertThat(SpreadSamples.of(samples, 11)).isEqualTo(part);
  }

  @Test
  void fewerThanAskedForAreAllTaken() {
    assertThat(SpreadSamples.of(samples, 1000)).hasSameSizeAs(samples);
  }

  private static VrsSample sample(String scan, String id) {
    return new VrsSample(
        id,
        scan,
        "Segment the liver.",
        "liver",
        List.of(1),
        new BoxRule.Single(),
        List.of(0, 1),
        1,
        List.of(new PixelBox(0, 0, 2, 2)));
  }
}
