package io.medvol.data.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Areas, key slices and boxes of the ground truths. */
@Tag("parity")
class GroundTruthParityTest {
  @TestFactory
  Stream<DynamicTest> drawsTheSameBoxesOnTheSameKeySlice() {
    Path json = Golden.find("rewards/01_ground_truth.json").orElse(null);
    Assumptions.assumeTrue(json != null, "the set holds no ground truths");
    JsonNode truths = Golden.json(json).get("truths");
    GoldenTensors tensors = Golden.tensors(json.resolveSibling("01_ground_truth.safetensors"));
    Iterable<String> names = truths::fieldNames;
    return StreamSupport.stream(names.spliterator(), false)
        .map(name -> DynamicTest.dynamicTest(name, () -> compare(name, truths.get(name), tensors)));
  }

  private static void compare(String name, JsonNode truth, GoldenTensors tensors) {
    BinaryMask mask = mask(name, truth.get("dims_zyx"), tensors);
    BoxRule rule = rule(truth.get("box_rule"));
    List<Integer> shown = new ArrayList<>();
    truth.get("shown_slices").forEach(slice -> shown.add(slice.asInt()));
    JsonNode areas = truth.get("areas");
    JsonNode boxes = truth.get("boxes_px_per_slice");
    for (int slice = 0; slice < mask.size().slices(); slice++) {
      assertThat(mask.area(slice)).isEqualTo(areas.get(slice).asInt());
      JsonNode wanted = boxes.get(Integer.toString(slice));
      assertThat(GroundTruthBoxes.of(mask, slice, rule))
          .as("boxes of slice %s", slice)
          .isEqualTo(wanted == null ? List.of() : boxes(wanted));
    }
    JsonNode key = truth.get("key_slice");
    OptionalInt found = KeySlice.choose(mask, shown);
    assertThat(found).isEqualTo(key.isNull() ? OptionalInt.empty() : OptionalInt.of(key.asInt()));
    if (found.isPresent()) {
      assertThat(GroundTruthBoxes.of(mask, found.getAsInt(), rule))
          .isEqualTo(boxes(truth.get("key_boxes_px")));
    }
  }

  /** A truth is stored as labels of which 1 is the target, or as the indices of its voxels. */
  private static BinaryMask mask(String name, JsonNode dims, GoldenTensors tensors) {
    BinaryMask.Builder mask =
        BinaryMask.builder(
            new GridSize(dims.get(0).asInt(), dims.get(1).asInt(), dims.get(2).asInt()));
    if (tensors.has(name + ".indices")) {
      for (int index : tensors.ints(name + ".indices")) {
        mask.setIndex(index);
      }
    } else {
      long[] labels = tensors.longs(name + ".labels");
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == 1) {
          mask.setIndex(i);
        }
      }
    }
    return mask.build();
  }

  private static BoxRule rule(JsonNode json) {
    return json.get("kind").asText().equals("single")
        ? new BoxRule.Single()
        : new BoxRule.Components(json.get("min_pixels").asInt(), json.get("max_boxes").asInt());
  }

  private static List<PixelBox> boxes(JsonNode json) {
    List<PixelBox> boxes = new ArrayList<>();
    for (JsonNode box : json) {
      boxes.add(
          new PixelBox(
              box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt()));
    }
    return boxes;
  }
}
