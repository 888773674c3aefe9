package io.medvol.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Sha256;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.VolumeGeometry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceShardTest {
  private static final GridSize GRID = new GridSize(5, 6, 7);
  private static final VolumeGeometry GEOMETRY =
      new VolumeGeometry(
          GRID, Affine.ofRows(-0.7, 0, 1e-17, 81.3, 0, -0.7, 0, 1 / 3.0, 0, 0, -2.5, -790.5));

  @TempDir Path folder;

  private final LocalStorage storage = new LocalStorage();
  private CtVolume volume;
  private LabelVolume labels;

  @BeforeEach
  void makeVolume() {
    Random random = new Random(11);
    short[] hu = new short[GRID.voxels()];
    short[] marks = new short[GRID.voxels()];
    for (int i = 0; i < hu.length; i++) {
      hu[i] = (short) random.nextInt(Short.MIN_VALUE, Short.MAX_VALUE + 1);
      marks[i] = (short) random.nextInt(4);
    }
    volume = new CtVolume(GEOMETRY, hu);
    labels = new LabelVolume(GEOMETRY, marks);
  }

  private ShardEntry write(String file, Optional<LabelVolume> marks) throws IOException {
    try (BufferAllocator allocator = new RootAllocator()) {
      ShardEntry entry =
          new SliceShardWriter(storage, folder.toString()).write("v01", volume, marks, allocator);
      Files.move(
          folder.resolve(entry.path()), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      assertThat(allocator.getAllocatedMemory()).isZero();
      return entry;
    }
  }

  private SliceShardReader open(String file) throws IOException {
    return SliceShardReader.open(storage, folder.resolve(file).toString());
  }

  @Test
  void writingTakesTheMemoryOfAFewSlices() throws IOException {
    VolumeGeometry wide = VolumeGeometry.canonical(new GridSize(3, 512, 512), 1, 1, 1);
    int voxels = wide.size().voxels();
    int slice = wide.size().pixelsPerSlice() * Short.BYTES;
    try (BufferAllocator allocator = new RootAllocator(16L * slice)) {
      new SliceShardWriter(storage, folder.toString())
          .write(
              "v02",
              new CtVolume(wide, new short[voxels]),
              Optional.of(new LabelVolume(wide, new short[voxels])),
              allocator);
      assertThat(allocator.getPeakMemoryAllocation()).isPositive();
    }
  }

  @Test
  void oneSliceIsReadWithoutTheOthers() throws IOException {
    write("a.arrow", Optional.of(labels));
    try (SliceShardReader reader = open("a.arrow")) {
      for (int slice : new int[] {3, 0, 4, 3}) {
        ShardSlice read = reader.slice(slice);
        assertThat(read.index()).isEqualTo(slice);
        assertThat(read.hu()).isEqualTo(volume.slice(slice));
        assertThat(read.labels()).contains(labels.slice(slice));
      }
      assertThatThrownBy(() -> reader.slice(5)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void arrowsOwnReaderReadsTheSameColumns() throws IOException {
    write("a.arrow", Optional.of(labels));
    try (BufferAllocator allocator = new RootAllocator();
        ArrowFileReader arrow =
            new ArrowFileReader(
                storage.openChannel(folder.resolve("a.arrow").toString()),
                allocator,
                CommonsCompressionFactory.INSTANCE)) {
      for (int slice = 0; slice < GRID.slices(); slice++) {
        assertThat(arrow.loadNextBatch()).isTrue();
        VectorSchemaRoot root = arrow.getVectorSchemaRoot();
        assertThat(root.getRowCount()).isEqualTo(1);
        assertThat(root.getVector("slice").getObject(0)).isEqualTo(slice);
        assertThat(shorts(root.getVector("hu"))).isEqualTo(volume.slice(slice));
        assertThat(shorts(root.getVector("labels"))).isEqualTo(labels.slice(slice));
      }
      assertThat(arrow.loadNextBatch()).isFalse();
    }
  }

  private static short[] shorts(FieldVector column) {
    short[] values = new short[GRID.pixelsPerSlice()];
    ByteBuffer.wrap((byte[]) column.getObject(0))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .get(values);
    return values;
  }

  @Test
  void theWholeVolumeComesBackBitForBit() throws IOException {
    ShardEntry entry = write("a.arrow", Optional.of(labels));
    try (SliceShardReader reader = open("a.arrow")) {
      assertThat(reader.header())
          .isEqualTo(new ShardHeader("v01", GEOMETRY, true, entry.contentSha256()));
      CtVolume read = reader.volume();
      LabelVolume marks = reader.labels().orElseThrow();
      assertThat(read.geometry()).isEqualTo(GEOMETRY);
      for (int slice = 0; slice < GRID.slices(); slice++) {
        assertThat(read.slice(slice)).isEqualTo(volume.slice(slice));
        assertThat(marks.slice(slice)).isEqualTo(labels.slice(slice));
      }
    }
  }

  @Test
  void aVolumeWithoutLabelsSaysSo() throws IOException {
    ShardEntry entry = write("a.arrow", Optional.empty());
    assertThat(entry.labelled()).isFalse();
    assertThat(entry.contentSha256())
        .isEqualTo(write("b.arrow", Optional.of(labels)).contentSha256());
    try (SliceShardReader reader = open("a.arrow")) {
      assertThat(reader.header().labelled()).isFalse();
      assertThat(reader.labels()).isEmpty();
      assertThat(reader.slice(1).labels()).isEmpty();
      assertThat(reader.slice(1).hu()).isEqualTo(volume.slice(1));
    }
  }

  @Test
  void equalVolumesGiveEqualBytesAndTheEntryDescribesThem() throws IOException {
    ShardEntry first = write("a.arrow", Optional.of(labels));
    ShardEntry second = write("b.arrow", Optional.of(labels));
    byte[] bytes = Files.readAllBytes(folder.resolve("a.arrow"));
    assertThat(bytes).isEqualTo(Files.readAllBytes(folder.resolve("b.arrow")));
    assertThat(first.sha256()).isEqualTo(second.sha256()).isEqualTo(Sha256.of(bytes));
    assertThat(first.length()).isEqualTo(bytes.length);
    assertThat(first.grid()).isEqualTo(GRID);
  }

  @Test
  void smoothSlicesArePacked() throws IOException {
    GridSize grid = new GridSize(3, 256, 256);
    volume = new CtVolume(new VolumeGeometry(grid, GEOMETRY.affine()), new short[grid.voxels()]);
    assertThat(write("flat.arrow", Optional.empty()).length()).isLessThan(grid.voxels() / 20);
  }

  @Test
  void aCutFileIsRefusedWhereverItIsCut() throws IOException {
    write("a.arrow", Optional.of(labels));
    byte[] whole = Files.readAllBytes(folder.resolve("a.arrow"));
    for (int length = 0; length < whole.length; length += 37) {
      Files.write(folder.resolve("cut.arrow"), Arrays.copyOf(whole, length));
      MedVolException failure =
          catchThrowableOfType(MedVolException.class, () -> open("cut.arrow").close());
      assertThat(failure.code()).isEqualTo(ErrorCode.MALFORMED_DATA);
      assertThat(failure).hasMessageContaining("cut.arrow cannot be used");
    }
  }

  @Test
  void aDamagedFileGivesOneTypedErrorOrTheData() throws IOException {
    write("a.arrow", Optional.of(labels));
    byte[] whole = Files.readAllBytes(folder.resolve("a.arrow"));
    Random random = new Random(5);
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      byte[] damaged = whole.clone();
      // Half of the damage goes where the sizes are: into the footer.
      int at =
          round % 2 == 0
              ? random.nextInt(whole.length)
              : whole.length - 1 - random.nextInt(Math.min(whole.length, 1200));
      byte[] lies = {(byte) 0xff, 0x7f, 0, 1, (byte) random.nextInt(256)};
      for (int i = at; i < Math.min(whole.length, at + 1 + round % 4); i++) {
        damaged[i] = lies[(round / 4) % lies.length];
      }
      Files.write(folder.resolve("bad.arrow"), damaged);
      try (SliceShardReader reader = open("bad.arrow")) {
        reader.volume();
        reader.labels();
      } catch (MedVolException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void otherFilesAndLaterVersionsAreRefused() throws IOException {
    Files.writeString(folder.resolve("text.arrow"), "not an arrow file, but longer than its tail");
    assertThatThrownBy(() -> open("text.arrow")).hasMessageContaining("no Arrow file");
    write("a.arrow", Optional.empty());
    byte[] bytes = Files.readAllBytes(folder.resolve("a.arrow"));
    Files.write(folder.resolve("later.arrow"), withVersion(bytes, '2'));
    MedVolException failure =
        catchThrowableOfType(MedVolException.class, () -> open("later.arrow").close());
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(failure).hasMessageContaining("has schema version 2; this build reads up to 1");
  }

  /** Flatbuffers keep texts as they are: the value is the lone digit nearest to its key. */
  private static byte[] withVersion(byte[] bytes, char version) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    StringBuilder changed = new StringBuilder(text);
    String lone = "\1\0\0\0" + "1\0";
    for (int at = text.indexOf(lone); at >= 0; at = text.indexOf(lone, at + 1)) {
      changed.setCharAt(at + 4, version);
    }
    return changed.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void labelsOfAnotherGridAreABug() {
    LabelVolume other =
        new LabelVolume(
            new VolumeGeometry(new GridSize(5, 7, 6), GEOMETRY.affine()), new short[GRID.voxels()]);
    assertThatThrownBy(() -> write("x.arrow", Optional.of(other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not lie on");
  }
}
