package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.example.KeySlice;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.PaperBoxes;
import io.medvol.reward.response.WrittenBox;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class GroundTruthParityTest {
  @TestFactory
  Stream<DynamicTest> areasKeySliceAndBoxesAreTheReferences() {
    Path file = Golden.find("rewards/01_ground_truth.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no rewards");
    return GoldenTruths.read(file).entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())));
  }

  private static void check(GoldenTruths.Entry entry) {
    JsonNode expected = entry.expected();
    GroundTruth truth = entry.truth();
    int slices = truth.size().slices();
    int[] areas = IntStream.range(0, slices).map(truth::area).toArray();
    assertThat(areas).isEqualTo(GoldenTruths.ints(expected.get("areas")));

    List<Integer> shown = List.copyOf(truth.shownSlices()).stream().sorted().toList();
    OptionalInt key = KeySlice.choose(areas, shown);
    JsonNode wanted = expected.get("key_slice");
    assertThat(key)
        .isEqualTo(wanted.isNull() ? OptionalInt.empty() : OptionalInt.of(wanted.asInt()));
    List<PixelBox> keyBoxes =
        key.isEmpty() ? List.of() : GroundTruthBoxes.of(entry.mask(), key.getAsInt(), entry.rule());
    assertThat(keyBoxes).isEqualTo(GoldenTruths.boxes(expected.get("key_boxes_px")));

    int columns = truth.size().columns();
    int rows = truth.size().rows();
    JsonNode encoded = expected.get("key_boxes_1000");
    for (int i = 0; i < keyBoxes.size(); i++) {
      int[] v = GoldenTruths.ints(encoded.get("strict").get(i));
      assertThat(BoxCoordinates.encode(keyBoxes.get(i), CoordinateScale.THOUSANDTHS, columns, rows))
          .isEqualTo(new WrittenBox(v[0], v[1], v[2], v[3]));
      assertThat(PaperBoxes.encode(keyBoxes.get(i), columns, rows))
          .containsExactly(
              IntStream.of(GoldenTruths.ints(encoded.get("paper").get(i)))
                  .boxed()
                  .toArray(Integer[]::new));
    }
    JsonNode perSlice = expected.get("boxes_px_per_slice");
    for (int slice = 0; slice < slices; slice++) {
      JsonNode boxes = perSlice.get(String.valueOf(slice));
      assertThat(truth.boxes(slice))
          .as("slice %s", slice)
          .isEqualTo(boxes == null ? List.of() : GoldenTruths.boxes(boxes));
    }
  }
}
