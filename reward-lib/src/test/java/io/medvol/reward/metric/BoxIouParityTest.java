package io.medvol.reward.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
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
class BoxIouParityTest {
  private static final Offset<Double> TOLERANCE = within(1e-6);

  @TestFactory
  Stream<DynamicTest> boxOverlapsAreTheReferences() {
    Path file = Golden.find("metrics/boxes.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no metrics");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode pair : Golden.json(file).get("pairs")) {
      String name = pair.get("a") + " and " + pair.get("b");
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () -> {
                assertThat(iou(pair, 0)).isCloseTo(pair.get("iou").asDouble(), TOLERANCE);
                assertThat(iou(pair, 1))
                    .isCloseTo(pair.get("iou_last_pixel_inside").asDouble(), TOLERANCE);
              }));
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static double iou(JsonNode pair, double last) {
    JsonNode a = pair.get("a");
    JsonNode b = pair.get("b");
    return BoxIou.ofEdges(
        a.get(0).asDouble(),
        a.get(1).asDouble(),
        a.get(2).asDouble() + last,
        a.get(3).asDouble() + last,
        b.get(0).asDouble(),
        b.get(1).asDouble(),
        b.get(2).asDouble() + last,
        b.get(3).asDouble() + last);
  }
}
