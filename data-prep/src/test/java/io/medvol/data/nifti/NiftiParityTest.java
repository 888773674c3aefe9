package io.medvol.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.Orientation;
import io.medvol.data.volume.Reorientation;
import io.medvol.data.volume.VolumeGeometry;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Compares what is read with nibabel's reading. */
@Tag("parity")
class NiftiParityTest {
  private static final double MILLIMETRES = 1e-4;

  @TestFactory
  Stream<DynamicTest> readsEveryFileAsNibabelDoes() {
    Path folder = Golden.find("volumes/nifti").orElse(null);
    Assumptions.assumeTrue(folder != null, "the set holds no NIfTI files");
    JsonNode files = Golden.json(folder.resolve("expected.json"));
    assertThat(files).isNotEmpty();
    return StreamSupport.stream(files.spliterator(), false)
        .map(
            expected ->
                DynamicTest.dynamicTest(
                    expected.get("file").asText(), () -> compare(folder, expected)));
  }

  private static void compare(Path folder, JsonNode expected) throws IOException {
    String file = expected.get("file").asText();
    NiftiImage image;
    try (InputStream in = Files.newInputStream(folder.resolve(file))) {
      image = new NiftiReader().read(file, in);
    }
    compareHeader(image.header(), expected);

    VolumeGeometry geometry = image.geometry();
    compareAffine(geometry.affine(), expected.get("affine"));
    assertThat(Orientation.of(geometry.affine()).codes())
        .isEqualTo(expected.get("orientation").asText());
    GridSize size = geometry.size();
    assertThat(new int[] {size.columns(), size.rows(), size.slices()})
        .containsExactly(ints(expected.get("shape")));
    for (int axis = 0; axis < 3; axis++) {
      assertThat(geometry.affine().spacing(axis))
          .isCloseTo(expected.get("spacing").get(axis).asDouble(), within(1e-6));
    }

    double[] values = values(image);
    assertThat(storedSha256(image)).isEqualTo(expected.get("stored_sha256").asText());
    assertThat(floatSha256(values)).isEqualTo(expected.get("values_float32_sha256").asText());
    double sum = expected.get("sum").asDouble();
    assertThat(Arrays.stream(values).sum()).isCloseTo(sum, within(1e-9 * Math.abs(sum) + 1e-6));
    assertThat(Arrays.stream(values).min()).hasValue(expected.get("minimum").asDouble());
    assertThat(Arrays.stream(values).max()).hasValue(expected.get("maximum").asDouble());
    for (JsonNode sample : expected.get("samples")) {
      int[] voxel = ints(sample.get("voxel"));
      assertThat(values[size.index(voxel[2], voxel[1], voxel[0])])
          .isEqualTo(sample.get("value").asDouble());
      double[] world = geometry.affine().apply(voxel[0], voxel[1], voxel[2]);
      for (int axis = 0; axis < 3; axis++) {
        assertThat(world[axis])
            .isCloseTo(sample.get("world").get(axis).asDouble(), within(MILLIMETRES));
      }
    }
    compareRas(geometry, values, expected.get("ras"));
  }

  private static void compareHeader(NiftiHeader header, JsonNode expected) {
    assertThat(header.headerBytes()).isEqualTo(expected.get("header_bytes").asInt());
    assertThat(header.dim().stream().mapToInt(Math::toIntExact).toArray())
        .containsExactly(ints(expected.get("dim")));
    assertThat(header.type().code()).isEqualTo(expected.get("datatype").asInt());
    assertThat(header.type().name().toLowerCase(Locale.ROOT))
        .isEqualTo(expected.get("stored_type").asText());
    assertThat(header.bigEndian()).isEqualTo(expected.get("big_endian").asBoolean());
    assertThat(header.sformCode()).isEqualTo(expected.get("sform_code").asInt());
    assertThat(header.qformCode()).isEqualTo(expected.get("qform_code").asInt());
    assertThat(header.slope()).isEqualTo(expected.get("slope").asDouble());
    assertThat(header.intercept()).isEqualTo(expected.get("intercept").asDouble());
    assertThat(header.affineSource().name().toLowerCase(Locale.ROOT))
        .isEqualTo(expected.get("affine_from").asText());
  }

  private static void compareRas(VolumeGeometry geometry, double[] values, JsonNode expected) {
    Reorientation ras = Reorientation.of(geometry, Orientation.parse("RAS"));
    double[] moved = new double[values.length];
    GridSize size = geometry.size();
    for (int slice = 0; slice < size.slices(); slice++) {
      for (int row = 0; row < size.rows(); row++) {
        for (int column = 0; column < size.columns(); column++) {
          moved[ras.index(slice, row, column)] = values[size.index(slice, row, column)];
        }
      }
    }
    GridSize target = ras.target().size();
    assertThat(new int[] {target.columns(), target.rows(), target.slices()})
        .containsExactly(ints(expected.get("shape")));
    compareAffine(ras.target().affine(), expected.get("affine"));
    assertThat(floatSha256(moved)).isEqualTo(expected.get("values_float32_sha256").asText());
  }

  private static void compareAffine(Affine affine, JsonNode expected) {
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        assertThat(affine.at(row, column))
            .isCloseTo(expected.get(row).get(column).asDouble(), within(MILLIMETRES));
      }
    }
  }

  private static double[] values(NiftiImage image) {
    GridSize size = image.geometry().size();
    return IntStream.range(0, size.slices() * size.rows())
        .mapToObj(i -> image.row(i / size.rows(), i % size.rows()))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static String storedSha256(NiftiImage image) {
    GridSize size = image.geometry().size();
    NiftiType type = image.header().type();
    ByteBuffer bytes =
        ByteBuffer.allocate(size.voxels() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int slice = 0; slice < size.slices(); slice++) {
      for (int row = 0; row < size.rows(); row++) {
        for (double value : image.storedRow(slice, row)) {
          switch (type) {
            case UINT8, INT8 -> bytes.put((byte) (int) value);
            case INT16, UINT16 -> bytes.putShort((short) (int) value);
            case INT32, UINT32 -> bytes.putInt((int) (long) value);
            case INT64, UINT64 -> bytes.putLong((long) value);
            case FLOAT32 -> bytes.putFloat((float) value);
            case FLOAT64 -> bytes.putDouble(value);
          }
        }
      }
    }
    return sha256(bytes.array());
  }

  private static String floatSha256(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    return sha256(bytes.array());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] ints(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
