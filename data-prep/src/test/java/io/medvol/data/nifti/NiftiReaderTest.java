package io.medvol.data.nifti;

import static io.medvol.data.nifti.NiftiBytes.gunzip;
import static io.medvol.data.nifti.NiftiBytes.gzip;
import static io.medvol.data.nifti.NiftiBytes.gzipped;
import static io.medvol.data.nifti.NiftiBytes.int16;
import static io.medvol.data.nifti.NiftiBytes.little;
import static io.medvol.data.nifti.NiftiBytes.read;
import static io.medvol.data.nifti.NiftiBytes.withFloat;
import static io.medvol.data.nifti.NiftiBytes.withShort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.volume.Affine;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.MalformedVolumeException.Kind;
import io.medvol.data.volume.VolumeGeometry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class NiftiReaderTest {
  /** Columns to the right by 1 mm, rows to the front by 2 mm, slices to the head by 3 mm. */
  private static final VolumeGeometry RAS =
      new VolumeGeometry(
          new GridSize(2, 3, 2), Affine.ofRows(1, 0, 0, 10, 0, 2, 0, 20, 0, 0, 3, 30));

  private static final short[] COUNTING = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  @Test
  void turnsARasFileToCanonicalAxes() {
    CtVolume ct = read(int16(RAS, COUNTING)).toCtVolume();

    // Head first, front first, right first: everything runs backwards.
    assertThat(ct.slice(0)).containsExactly(11, 10, 9, 8, 7, 6);
    assertThat(ct.slice(1)).containsExactly(5, 4, 3, 2, 1, 0);
    assertThat(ct.geometry().affine())
        .isEqualTo(Affine.ofRows(-1, 0, 0, 11, 0, -2, 0, 24, 0, 0, -3, 33));
  }

  @Test
  void aQuaternionThatRoundingMadeTooLongIsMadeAHalfTurn() {
    for (double squared : new double[] {1 + 2e-6, 1 + 1e-5, 1 + 9e-5}) {
      Affine affine = read(turned(squared)).geometry().affine();
      assertThat(affine.spacing(0)).isEqualTo(1);
      assertThat(affine.spacing(2)).isEqualTo(3);
    }
    refuses(() -> read(turned(1 + 2e-4)), Kind.AFFINE, "is longer than 1");
  }

  /** A half turn around the row axis, by a qform alone. */
  private static byte[] turned(double squaredLength) {
    byte[] file = withShort(withShort(int16(RAS, COUNTING), 252, 1), 254, 0);
    return withFloat(file, 260, Math.sqrt(squaredLength));
  }

  @Test
  void appliesSlopeAndInterceptAndRoundsHalfToEven() {
    byte[] file = withFloat(withFloat(int16(RAS, COUNTING), 112, 0.5), 116, -1);

    NiftiImage image = read(file);
    assertThat(image.row(0, 0)).containsExactly(-1, -0.5);
    assertThat(image.storedRow(0, 0)).containsExactly(0, 1);
    // Stored 5 4 3 2 1 0 are 1.5 1 0.5 0 -0.5 -1.
    assertThat(image.toCtVolume().slice(1)).containsExactly(2, 1, 0, 0, 0, -1);
  }

  @Test
  void ignoresTheInterceptOfAnAbsentSlope() {
    for (double absent : new double[] {0, Double.NaN}) {
      byte[] file = withFloat(withFloat(int16(RAS, COUNTING), 112, absent), 116, -1024);
      assertThat(read(file).row(0, 0)).containsExactly(0, 1);
    }
  }

  @Test
  void clampsToSixteenBits() {
    byte[] file = withFloat(int16(RAS, filled(30_000, -30_000)), 112, 2);
    assertThat(read(file).toCtVolume().slice(0)).containsOnly(Short.MAX_VALUE, Short.MIN_VALUE);
  }

  @Test
  void readsSixtyFourBitIntegers() {
    ByteBuffer voxels = little(new byte[12 * 8]);
    voxels.putLong(0, -1).putLong(8, 1L << 40);
    assertThat(read(NiftiBytes.of(RAS, NiftiType.INT64, voxels)).row(0, 0))
        .containsExactly(-1, 0x1p40);
    assertThat(read(NiftiBytes.of(RAS, NiftiType.UINT64, voxels)).row(0, 0))
        .containsExactly(0x1p64, 0x1p40);
  }

  @Test
  void tellsGzipByContentWhateverTheName() throws IOException {
    byte[] zipped = gzipped(RAS, COUNTING);
    for (String name : new String[] {"a.nii", "a.nii.gz"}) {
      for (byte[] content : new byte[][] {zipped, gunzip(zipped)}) {
        NiftiImage image = new NiftiReader().read(name, new ByteArrayInputStream(content));
        assertThat(image.row(1, 2)).containsExactly(10, 11);
        assertThat(image.name()).isEqualTo(name);
      }
    }
  }

  @Test
  void readsStreamsThatTrickleAndNeverSayWhatIsAvailable() throws IOException {
    byte[] file = int16(RAS, COUNTING);
    byte[] members =
        joined(gzip(Arrays.copyOf(file, 300)), gzip(Arrays.copyOfRange(file, 300, file.length)));
    InputStream trickle =
        new FilterInputStream(new ByteArrayInputStream(members)) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(1, length));
          }

          @Override
          public int available() {
            return 0;
          }
        };
    assertThat(new NiftiReader().read("two-members", trickle).row(1, 2)).containsExactly(10, 11);
  }

  @Test
  void readsGzipHeadersWithEveryOptionalField() {
    byte[] zipped = gzipped(RAS, COUNTING);
    byte[] fields = {4, 0, 9, 9, 9, 9, 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2};
    byte[] header = Arrays.copyOf(zipped, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] file = joined(header, fields, Arrays.copyOfRange(zipped, 10, zipped.length));
    assertThat(read(file).row(0, 0)).containsExactly(0, 1);
  }

  @Test
  void acceptsZerosButNoOtherBytesAfterAGzipStream() {
    byte[] zipped = gzipped(RAS, COUNTING);
    assertThat(read(joined(zipped, new byte[512])).row(0, 0)).containsExactly(0, 1);
    refuses(() -> read(joined(zipped, new byte[] {0, 7})), Kind.CORRUPT, "follow the gzip stream");
    refuses(() -> read(joined(zipped, new byte[] {0x1f})), Kind.TRUNCATED, "ends early");
  }

  @Test
  void refusesAGzipStreamThatGoesOnAndOn() {
    byte[] file = joined(int16(RAS, COUNTING), new byte[65 << 20]);
    refuses(() -> read(gzip(file)), Kind.CORRUPT, "follow the last voxel");
  }

  @Test
  void refusesMoreVoxelsThanItMayHoldBeforeReadingThem() {
    InputStream in = new ByteArrayInputStream(int16(RAS, COUNTING));
    refuses(() -> new NiftiReader(23).read("scan.nii", in), Kind.UNSUPPORTED, "24 bytes of voxels");
    assertThat(in).hasBinaryContent(Arrays.copyOfRange(int16(RAS, COUNTING), 348, 376));
  }

  @Test
  void refusesHeaderAndImagePairs() {
    byte[] file = int16(RAS, COUNTING);
    file[345] = 'i';
    refuses(() -> read(file), Kind.UNSUPPORTED, "separate .img file");
  }

  @Test
  void refusesVoxelsThatAreNoHounsfieldUnits() {
    ByteBuffer voxels = little(new byte[12 * 4]);
    voxels.putFloat(4, Float.NaN).putFloat(40, Float.NEGATIVE_INFINITY);
    byte[] file = NiftiBytes.of(RAS, NiftiType.FLOAT32, voxels);
    refuses(() -> read(file).toCtVolume(), Kind.VALUES, "2 of its 12 voxels are NaN or infinite");
  }

  @Test
  void refusesVoxelsThatAreNoLabels() {
    byte[] halves = withFloat(int16(RAS, COUNTING), 112, 0.5);
    refuses(() -> read(halves).toLabelVolume(), Kind.VALUES, "6 of its 12 voxels are no labels");
    refuses(() -> read(int16(RAS, filled(1, -1))).toLabelVolume(), Kind.VALUES, "found -1.0");
  }

  @Test
  void readsLabelsThroughASinglePrecisionSlope() {
    byte[] file = withFloat(int16(RAS, filled(10, 20)), 112, 0.1);
    LabelVolume labels = read(file).toLabelVolume();
    assertThat(labels.present()).containsExactly(1, 2);
    assertThat(labels.label(0, 0, 0)).isEqualTo((short) 2);
  }

  @Test
  void takesAMissingThirdAxisAsOneSlice() {
    byte[] file = withFloat(withShort(withShort(int16(RAS, COUNTING), 40, 2), 254, 0), 92, 0);
    NiftiImage image = read(file);
    assertThat(image.geometry().size()).isEqualTo(new GridSize(1, 3, 2));
  }

  @Test
  void refusesSpacingsAndPositionsNoScanHas() {
    byte[] file = int16(RAS, COUNTING);
    refuses(() -> read(withFloat(file, 280, 1e30)), Kind.AFFINE, "spaces the voxels along axis 0");
    refuses(() -> read(withFloat(file, 292, 1e30)), Kind.AFFINE, "places the first voxel");
    // A second column that runs along the first.
    byte[] flat = withFloat(withFloat(file, 284, 2), 300, 0);
    refuses(() -> read(flat), Kind.AFFINE, "singular");
  }

  @Test
  void leavesFailuresOfTheStreamToTheCaller() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        };
    assertThatThrownBy(() -> new NiftiReader().read("scan.nii", failing))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("connection reset");
  }

  private static void refuses(ThrowingCallable reading, Kind kind, String part) {
    Consumer<MalformedVolumeException> named =
        failure -> assertThat(failure.file()).isEqualTo("scan.nii");
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(MalformedVolumeException.class, named)
        .hasMessageStartingWith("scan.nii: ")
        .hasMessageContaining(part)
        .extracting(failure -> ((MalformedVolumeException) failure).kind())
        .isEqualTo(kind);
  }

  private static short[] filled(int even, int odd) {
    short[] values = new short[12];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (i % 2 == 0 ? even : odd);
    }
    return values;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
