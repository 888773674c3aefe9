package io.medvol.reward.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.BinaryMask;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class MaskMetricsParityTest {
  private static final Offset<Double> TOLERANCE = within(1e-6);

  @TestFactory
  Stream<DynamicTest> overlapsAndSurfaceDistancesAreTheReferences() {
    Path file = Golden.find("metrics/pairs.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no metrics");
    GoldenTensors tensors =
        Golden.tensors(Path.of(file.toString().replace(".json", ".safetensors")));
    JsonNode pairs = Golden.json(file);
    List<DynamicTest> tests = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = pairs.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> pair = it.next();
      tests.add(
          DynamicTest.dynamicTest(
              pair.getKey(),
              () ->
                  check(
                      pair.getValue(),
                      GoldenMasks.read(tensors, pair.getKey() + ".prediction"),
                      GoldenMasks.read(tensors, pair.getKey() + ".reference"))));
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> componentsAreTheReferences() {
    Path file = Golden.find("metrics/components.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no metrics");
    GoldenTensors tensors =
        Golden.tensors(Path.of(file.toString().replace(".json", ".safetensors")));
    List<DynamicTest> tests = new ArrayList<>();
    Golden.json(file)
        .fields()
        .forEachRemaining(
            entry ->
                tests.add(
                    DynamicTest.dynamicTest(
                        entry.getKey(),
                        () ->
                            checkComponents(
                                entry.getValue(), GoldenMasks.read(tensors, entry.getKey())))));
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void check(JsonNode expected, BinaryMask prediction, BinaryMask reference) {
    JsonNode mm = expected.get("spacing");
    VoxelSpacing spacing =
        new VoxelSpacing(mm.get(0).asDouble(), mm.get(1).asDouble(), mm.get(2).asDouble());
    Overlap overlap = Overlap.of(prediction, reference);
    assertThat(overlap.intersection()).isEqualTo(expected.get("intersection_voxels").asLong());
    assertThat(overlap.first() * spacing.millilitres())
        .isCloseTo(expected.get("prediction_volume_ml").asDouble(), TOLERANCE);
    // Where the reference leaves a value open, two empty masks agree.
    compare(overlap.dice(), expected.get("dice"), 1);
    compare(overlap.iou(), expected.get("iou"), 1);

    SurfaceDistances surfaces = SurfaceDistances.between(prediction, reference, spacing);
    assertThat(surfaces.firstBoundaryVoxels())
        .isEqualTo(expected.get("prediction_boundary_voxels").asInt());
    assertThat(surfaces.secondBoundaryVoxels())
        .isEqualTo(expected.get("reference_boundary_voxels").asInt());
    expected
        .get("nsd")
        .fields()
        .forEachRemaining(
            nsd ->
                compare(surfaces.surfaceDice(Double.parseDouble(nsd.getKey())), nsd.getValue(), 1));
    compare(surfaces.hausdorff95(), expected.get("hd95"), Double.NaN);
    compare(surfaces.hausdorff(), expected.get("hd"), Double.NaN);
    compare(surfaces.averageSymmetric(), expected.get("assd"), Double.NaN);
  }

  private static void compare(double value, JsonNode expected, double whereOpen) {
    if (expected.isNull()) {
      assertThat(Double.valueOf(value)).isEqualTo(Double.valueOf(whereOpen));
    } else {
      assertThat(value).isCloseTo(expected.asDouble(), TOLERANCE);
    }
  }

  private static void checkComponents(JsonNode expected, BinaryMask mask) {
    expected
        .fields()
        .forEachRemaining(
            entry -> {
              List<ConnectedComponents.Component> found =
                  ConnectedComponents.of(mask, connectivity(entry.getKey()));
              JsonNode wanted = entry.getValue();
              assertThat(found).as(entry.getKey()).hasSize(wanted.get("count").asInt());
              for (int i = 0; i < wanted.get("sizes").size(); i++) {
                assertThat(found.get(i).voxels()).isEqualTo(wanted.get("sizes").get(i).asInt());
              }
              if (wanted.has("largest_first_voxel")) {
                JsonNode at = wanted.get("largest_first_voxel");
                int index =
                    mask.size().index(at.get(0).asInt(), at.get(1).asInt(), at.get(2).asInt());
                assertThat(found.get(0).firstVoxel()).isEqualTo(index);
                assertThat(found.get(0).mask().count()).isEqualTo(found.get(0).voxels());
              }
            });
  }

  private static ConnectedComponents.Connectivity connectivity(String neighbours) {
    return switch (neighbours) {
      case "6" -> ConnectedComponents.Connectivity.FACES;
      case "18" -> ConnectedComponents.Connectivity.EDGES;
      case "26" -> ConnectedComponents.Connectivity.CORNERS;
      default -> throw new AssertionError("unknown connectivity " + neighbours);
    };
  }
}
