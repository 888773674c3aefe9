package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.PaperBoxes;
import io.medvol.reward.response.PaperResponseParser;
import io.medvol.reward.response.WrittenBox;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class CoordinatesParityTest {
  private static final Offset<Double> TOLERANCE = within(1e-6);

  @TestFactory
  Stream<DynamicTest> boxesConvertAsInTheReference() {
    return cases("boxes")
        .map(
            node ->
                DynamicTest.dynamicTest(
                    node.get("box_px") + " in " + node.get("size_wh"), () -> check(node)));
  }

  @TestFactory
  Stream<DynamicTest> paperNumbersDecodeAsInTheReference() {
    return cases("paper_decode")
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.toString(),
                    () -> {
                      int size = row.get(0).asInt();
                      int value = row.get(1).asInt();
                      PixelBox box = decode(size, size, List.of(value, value, 1000, 1000));
                      assertThat(box.x1()).isEqualTo(row.get(2).asInt());
                    }));
  }

  private static Stream<JsonNode> cases(String part) {
    Path file = Golden.find("rewards/04_coordinates.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no rewards");
    JsonNode nodes = Golden.json(file).get(part);
    List<JsonNode> list = new ArrayList<>();
    (nodes.isArray() ? nodes : nodes.get("rows")).forEach(list::add);
    assertThat(list).isNotEmpty();
    return list.stream();
  }

  private static void check(JsonNode node) {
    int columns = node.get("size_wh").get(0).asInt();
    int rows = node.get("size_wh").get(1).asInt();
    int[] px = GoldenTruths.ints(node.get("box_px"));
    PixelBox box = new PixelBox(px[0], px[1], px[2], px[3]);

    int[] strict = GoldenTruths.ints(node.get("strict_1000"));
    WrittenBox encoded = BoxCoordinates.encode(box, CoordinateScale.THOUSANDTHS, columns, rows);
    assertThat(encoded).isEqualTo(new WrittenBox(strict[0], strict[1], strict[2], strict[3]));
    EdgeBox edges = BoxCoordinates.toEdges(encoded, CoordinateScale.THOUSANDTHS, columns, rows);
    JsonNode back = node.get("strict_back_edges");
    assertThat(edges.x1()).isCloseTo(back.get(0).asDouble(), TOLERANCE);
    assertThat(edges.y1()).isCloseTo(back.get(1).asDouble(), TOLERANCE);
    assertThat(edges.x2()).isCloseTo(back.get(2).asDouble(), TOLERANCE);
    assertThat(edges.y2()).isCloseTo(back.get(3).asDouble(), TOLERANCE);

    List<Integer> paper = PaperBoxes.encode(box, columns, rows);
    assertThat(paper)
        .isEqualTo(Arrays.stream(GoldenTruths.ints(node.get("paper_1000"))).boxed().toList());
    int[] paperBack = GoldenTruths.ints(node.get("paper_back_px"));
    assertThat(decode(columns, rows, paper))
        .isEqualTo(new PixelBox(paperBack[0], paperBack[1], paperBack[2], paperBack[3]));
  }

  private static PixelBox decode(int columns, int rows, List<Integer> box) {
    String text = "<answer>[{\"slice\": 0, \"bbox_2d_list\": [" + box + "]}]</answer>";
    return new PaperResponseParser(columns, rows, CoordinateScale.THOUSANDTHS)
        .parse(text)
        .boxes()
        .get(0);
  }
}
