package io.medvol.grpo.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomGenerator;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmenterMeasurementTest {
  private static final PhantomConfig PHANTOMS = new PhantomConfig(1, 9, 12, 40, 40, 0.05, 20, 1);
  private static final SegmenterMeasurementConfig CONFIG =
      new SegmenterMeasurementConfig(PHANTOMS, PHANTOMS, List.of(0.0, 0.3), 1);

  /** Knows the phantom's objects and gives the one whose exact box it is shown. */
  private record Oracle(List<HeldOutObject> objects) implements MaskPropagator {
    @Override
    public List<Propagation> propagate(CtVolume volume, List<EvidencePrompt> prompts) {
      List<Propagation> results = new ArrayList<>();
      for (EvidencePrompt prompt : prompts) {
        results.add(
            objects.stream()
                .filter(object -> object.box().equals(prompt.boxes().get(0)))
                .findFirst()
                .<Propagation>map(object -> new Propagation.Mask(object.mask()))
                .orElseGet(() -> new Propagation.Failed("no such object")));
      }
      return results;
    }

    @Override
    public String name() {
      return "oracle";
    }

    @Override
    public void close() {}
  }

  private static MeasurementReport report() {
    List<HeldOutObject> objects = HeldOutObject.of(new PhantomGenerator(PHANTOMS).generate(0));
    return new SegmenterMeasurement(CONFIG).measure(new Oracle(objects), done -> {});
  }

  @Test
  void aPerfectPropagatorHasADiceOfOneAndAFailedOneOfNought() {
    MeasurementReport report = report();

    assertThat(report.organDice()).isEqualTo(1);
    assertThat(report.lesionDice()).isEqualTo(1);
    assertThat(report.rows()).hasSize(2 * 6 * 2);
    assertThat(report.rows())
        .filteredOn(row -> row.boxError() == 0.3)
        .allSatisfy(row -> assertThat(row.dice()).isZero());
  }

  @Test
  void tablesNameEveryStructureAndEveryBoxError() {
    MeasurementReport report = report();

    assertThat(report.text())
        .contains("liver", "spleen", "right kidney", "left kidney", "urinary bladder")
        .contains("all organs", "lesions", "30 %");
    assertThat(report.json().get("organ-dice").asDouble()).isEqualTo(1);
    assertThat(report.json().get("box-errors")).hasSize(2);
    assertThat(report.csv().lines()).hasSize(1 + report.rows().size());
  }

  @Test
  void theYardstickIsTheEllipseThatFillsTheBox() {
    GridSize size = new GridSize(3, 40, 60);
    BinaryMask ellipse = BoxEllipse.of(size, new EdgeBox(10, 5, 50, 25), 1, 2);

    assertThat(ellipse.area(0)).isZero();
    assertThat(ellipse.area(1)).isEqualTo(ellipse.area(2));
    assertThat((double) ellipse.area(1)).isCloseTo(Math.PI * 20 * 10, within(12.0));
    assertThat(ellipse.get(1, 15, 10)).isTrue();
    assertThat(ellipse.get(1, 6, 12)).isFalse();
  }

  @Test
  void disturbedBoxesMoveEachEdgeByTheShareOfItsSide() {
    HeldOutObject object = HeldOutObject.of(new PhantomGenerator(PHANTOMS).generate(0)).get(0);
    EdgeBox moved = object.disturbed(0.1, new SplittableRandom(3));

    double width = object.box().x2() - object.box().x1();
    assertThat(Math.abs(moved.x1() - object.box().x1())).isCloseTo(0.1 * width, within(1e-9));
    assertThat(Math.abs(moved.x2() - object.box().x2())).isCloseTo(0.1 * width, within(1e-9));
  }
}
