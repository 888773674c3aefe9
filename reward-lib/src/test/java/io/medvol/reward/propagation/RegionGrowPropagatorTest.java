package io.medvol.reward.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.metric.Overlap;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegionGrowPropagatorTest {
  private static final int KEY = 11;

  private final EllipsoidScan scan = EllipsoidScan.make(7);
  private final RegionGrowPropagator propagator = new RegionGrowPropagator();

  @Test
  void aTightBoxFindsTheOrgan() {
    assertThat(dice(loosened(0))).isGreaterThan(0.9);
  }

  @Test
  void theLooserTheBoxTheWorseTheMask() {
    List<Double> dice = IntStream.of(0, 6, 12, 30).mapToObj(by -> dice(loosened(by))).toList();
    assertThat(dice).isSortedAccordingTo(Collections.reverseOrder());
    assertThat(dice.get(2)).isLessThan(dice.get(0) - 0.1);
    assertThat(dice.get(3)).isLessThan(0.4);
  }

  @Test
  void aBoxBesideTheOrganFindsSomethingElse() {
    assertThat(dice(new EdgeBox(50, 31, 66, 49))).isLessThan(0.2);
  }

  @Test
  void onlyTheWantedSlicesAreFilledAndTheyDoNotDependOnTheOthers() {
    BinaryMask all = mask(new EvidencePrompt(KEY, List.of(loosened(0)), 0, 29));
    BinaryMask few = mask(new EvidencePrompt(KEY, List.of(loosened(0)), 9, 14));
    assertThat(few).isEqualTo(all.restrictedTo(9, 14));
    assertThat(all.count()).isGreaterThan(few.count());
  }

  @Test
  void severalBoxesGiveTheUnion() {
    EdgeBox first = loosened(0);
    EdgeBox second = new EdgeBox(50, 31, 66, 49);
    BinaryMask union =
        mask(new EvidencePrompt(KEY, List.of(first), 0, 29))
            .union(mask(new EvidencePrompt(KEY, List.of(second), 0, 29)));
    assertThat(mask(new EvidencePrompt(KEY, List.of(first, second), 0, 29))).isEqualTo(union);
  }

  @Test
  void aBoxSmallerThanAPixelIsNoError() {
    assertThat(mask(new EvidencePrompt(KEY, List.of(new EdgeBox(31.1, 33.2, 31.3, 33.3)), 11, 11)))
        .extracting(BinaryMask::count)
        .isEqualTo(1);
    assertThat(mask(new EvidencePrompt(KEY, List.of(new EdgeBox(79.9, 71.9, 80, 72)), 0, 29)))
        .extracting(BinaryMask::size)
        .isEqualTo(scan.volume().size());
  }

  @Test
  void whatLiesOutsideTheVolumeFailsWithASentence() {
    List<Propagation> results =
        propagator.propagate(
            scan.volume(),
            List.of(
                new EvidencePrompt(31, List.of(loosened(0)), 25, 35),
                new EvidencePrompt(KEY, List.of(new EdgeBox(200, 10, 210, 20)), 0, 29)));
    assertThat(results).allMatch(Propagation.Failed.class::isInstance);
  }

  private double dice(EdgeBox box) {
    BinaryMask mask = mask(new EvidencePrompt(KEY, List.of(box), 0, 29));
    return Overlap.of(mask, scan.organ()).dice();
  }

  private BinaryMask mask(EvidencePrompt prompt) {
    Propagation result = propagator.propagate(scan.volume(), List.of(prompt)).get(0);
    return ((Propagation.Mask) result).mask();
  }

  /** The organ's box on the key slice, moved outwards by so many pixels on every side. */
  private EdgeBox loosened(int by) {
    PixelBox tight = GroundTruthBoxes.of(scan.organ(), KEY, new BoxRule.Single()).get(0);
    GridSize size = scan.volume().size();
    return new EdgeBox(
        Math.max(0, tight.x1() - by),
        Math.max(0, tight.y1() - by),
        Math.min(size.columns(), tight.x2() + 1 + by),
        Math.min(size.rows(), tight.y2() + 1 + by));
  }
}
