package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.metric.BoxIou;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class MatchingParityTest {
  private static final Offset<Double> TOLERANCE = within(1e-6);

  @TestFactory
  Stream<DynamicTest> matchingsAreTheReferences() {
    Path file = Golden.find("rewards/05_matching.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no rewards");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : Golden.json(file).get("cases")) {
      JsonNode iou = node.get("iou");
      String size = iou.size() + " by " + (iou.isEmpty() ? 0 : iou.get(0).size());
      tests.add(DynamicTest.dynamicTest(size, () -> check(node)));
    }
    return tests.stream();
  }

  private static void check(JsonNode node) {
    JsonNode iou = node.get("iou");
    double reward = node.get("reward").asDouble();
    double[][] values = new double[iou.size()][];
    for (int row = 0; row < values.length; row++) {
      values[row] = new double[iou.get(row).size()];
      for (int column = 0; column < values[row].length; column++) {
        values[row][column] = iou.get(row).get(column).asDouble();
      }
    }
    int targets = values.length == 0 ? 0 : values[0].length;
    if (node.has("predicted")) {
      List<PixelBox> predicted = GoldenTruths.boxes(node.get("predicted"));
      List<PixelBox> target = GoldenTruths.boxes(node.get("target"));
      targets = target.size();
      for (int p = 0; p < predicted.size(); p++) {
        for (int t = 0; t < target.size(); t++) {
          assertThat(BoxIou.of(predicted.get(p), target.get(t))).isCloseTo(values[p][t], TOLERANCE);
        }
      }
      int count = Math.max(1, Math.max(predicted.size(), target.size()));
      assertThat(BoxMatching.score(predicted, target, BoxIou::of, count))
          .isCloseTo(reward, TOLERANCE);
    }
    assertThat(Assignment.largestSum(values) / Math.max(1, Math.max(values.length, targets)))
        .isCloseTo(reward, TOLERANCE);
  }
}
