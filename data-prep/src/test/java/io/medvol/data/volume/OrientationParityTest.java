package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.testing.Golden;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Brings a counting array from every axis order to the canonical one. */
@Tag("parity")
class OrientationParityTest {
  @TestFactory
  Stream<DynamicTest> bringsEveryAxisOrderToCanonicalAxes() {
    var file = Golden.find("m3d/cases/02_orientation.json");
    Assumptions.assumeTrue(file.isPresent(), "the set holds no orientations");
    JsonNode cases = Golden.json(file.get()).get("cases");
    assertThat(cases).isNotEmpty();
    return StreamSupport.stream(cases.spliterator(), false)
        .map(
            expected ->
                DynamicTest.dynamicTest(expected.get("axes").asText(), () -> compare(expected)));
  }

  private static void compare(JsonNode expected) {
    JsonNode rows = expected.get("affine");
    double[] values = new double[12];
    for (int i = 0; i < 12; i++) {
      values[i] = rows.get(i / 4).get(i % 4).asDouble();
    }
    Affine affine = Affine.ofRows(values);
    assertThat(Orientation.of(affine).codes()).isEqualTo(expected.get("axes").asText());

    // The file's [x][y][z] array counts up with z fastest; ours is stored with x fastest.
    int[] extent = sourceExtent(Orientation.of(affine), expected.get("canonical_shape"));
    GridSize size = new GridSize(extent[2], extent[1], extent[0]);
    short[] source = new short[size.voxels()];
    for (int x = 0, count = 0; x < extent[0]; x++) {
      for (int y = 0; y < extent[1]; y++) {
        for (int z = 0; z < extent[2]; z++) {
          source[size.index(z, y, x)] = (short) count++;
        }
      }
    }
    Reorientation canonical =
        Reorientation.of(new VolumeGeometry(size, affine), Orientation.CANONICAL);

    GridSize moved = canonical.target().size();
    JsonNode shape = expected.get("canonical_shape");
    assertThat(new int[] {moved.slices(), moved.rows(), moved.columns()})
        .containsExactly(shape.get(0).asInt(), shape.get(1).asInt(), shape.get(2).asInt());
    short[] wanted = new short[source.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = (short) expected.get("canonical").get(i).asInt();
    }
    assertThat(canonical.apply(source)).containsExactly(wanted);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        // The reference maps (slice, row, column), ours (column, row, slice).
        int reference = column < 3 ? 2 - column : 3;
        assertThat(canonical.target().affine().at(row, column))
            .isCloseTo(
                expected.get("canonical_affine").get(row).get(reference).asDouble(), within(1e-9));
      }
    }
  }

  /** Lengths along x, y, z of the source: a canonical axis runs along the same world axis. */
  private static int[] sourceExtent(Orientation source, JsonNode canonicalShape) {
    int[] extent = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      // Canonical slices run along z, rows along y, columns along x of the world.
      extent[axis] = canonicalShape.get(2 - source.axis(axis).world()).asInt();
    }
    return extent;
  }
}
