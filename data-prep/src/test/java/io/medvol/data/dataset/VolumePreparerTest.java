package io.medvol.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.data.nifti.NiftiWriter;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.SliceShardReader;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.Orientation;
import io.medvol.data.volume.PixelBox;
import io.medvol.data.volume.Reorientation;
import io.medvol.data.volume.VolumeGeometry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumePreparerTest {
  private static final GridSize GRID = new GridSize(5, 6, 8);
  private static final VolumeGeometry GEOMETRY = VolumeGeometry.canonical(GRID, 4, 2, 2);
  private static final int LIVER = 1;
  private static final int CYST = 2;

  @TempDir Path folder;

  private final LocalStorage storage = new LocalStorage();

  /** A liver in rows 1..2, columns 3..5 of slices 1..3, a cyst of one voxel in slice 3. */
  private static short[] labels() {
    short[] labels = new short[GRID.voxels()];
    for (int slice = 1; slice <= 3; slice++) {
      for (int row = 1; row <= 2; row++) {
        Arrays.fill(labels, GRID.index(slice, row, 3), GRID.index(slice, row, 6), (short) LIVER);
      }
    }
    labels[GRID.index(3, 4, 7)] = CYST;
    return labels;
  }

  private static short[] hu() {
    short[] hu = new short[GRID.voxels()];
    for (int i = 0; i < hu.length; i++) {
      hu[i] = (short) (i - 500);
    }
    return hu;
  }

  private Path write(String file, VolumeGeometry geometry, short[] values, String orientation)
      throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Reorientation stored = Reorientation.of(geometry, Orientation.parse(orientation));
    try (OutputStream out = Files.newOutputStream(path)) {
      NiftiWriter.writeInt16(out, stored.target(), stored.apply(values));
    }
    return path;
  }

  private DatasetCase scan(String id) throws IOException {
    Path image = write("in/images/" + id + ".nii.gz", GEOMETRY, hu(), "RAS");
    Path label = write("in/labels/" + id + ".nii.gz", GEOMETRY, labels(), "LPS");
    return new DatasetCase(
        id,
        image.toString(),
        label.toString(),
        List.of(
            query("liver", List.of(LIVER), "Segment the liver.", "What makes bile?"),
            query("cyst", List.of(CYST), "Segment the cyst."),
            query("spleen", List.of(9), "Segment the spleen.")));
  }

  private static StructureQuery query(String target, List<Integer> labels, String... questions) {
    return new StructureQuery(target, labels, new BoxRule.Single(), List.of(questions));
  }

  private PreparationResult prepare(DatasetCase scan, PrepareConfig config) throws IOException {
    return new VolumePreparer(storage, storage, folder.resolve("out").toString(), config)
        .prepare(scan);
  }

  private static PrepareConfig config(int shown, AbsentTargets absent) {
    return new PrepareConfig(shown, absent, "pepper", 0.5, ImplausibleValues.REJECT);
  }

  @Test
  void aCaseBecomesAShardInCanonicalAxesAndSamplesWithEvidence() throws IOException {
    PreparedVolume prepared =
        (PreparedVolume) prepare(scan("patient-7"), config(16, AbsentTargets.DROP));
    assertThat(prepared.findings().absentTargets()).containsExactly("spleen");
    assertThat(prepared.findings().unshownTargets()).isEmpty();
    assertThat(prepared.samples())
        .extracting(VrsSample::question)
        .containsExactly("Segment the liver.", "What makes bile?", "Segment the cyst.");
    VrsSample liver = prepared.samples().get(0);
    assertThat(liver.shownSlices()).containsExactly(0, 1, 2, 3, 4);
    assertThat(liver.keySlice()).isEqualTo(2);
    assertThat(liver.keyBoxes()).containsExactly(new PixelBox(3, 1, 5, 2));
    assertThat(liver.labels()).containsExactly(LIVER);
    assertThat(prepared.samples().get(2).keyBoxes()).containsExactly(new PixelBox(7, 4, 7, 4));
    try (SliceShardReader shard =
        SliceShardReader.open(storage, folder.resolve("out") + "/" + prepared.shard().path())) {
      assertThat(shard.header().geometry().matches(GEOMETRY)).isTrue();
      assertThat(shard.volume().hu(1, 2, 3)).isEqualTo(hu()[GRID.index(1, 2, 3)]);
      assertThat(shard.labels().orElseThrow().label(3, 4, 7)).isEqualTo((short) CYST);
    }
  }

  @Test
  void nothingThatIsWrittenNamesTheCase() throws IOException {
    PreparedVolume prepared =
        (PreparedVolume) prepare(scan("patient-7"), config(16, AbsentTargets.DROP));
    String volumeId = prepared.shard().volumeId();
    assertThat(volumeId).matches("v[0-9a-f]{16}");
    assertThat(prepared.samples().toString()).doesNotContain("patient-7");
    assertThat(prepared.shard().toString()).doesNotContain("patient-7");
    assertThat(prepared.samples()).extracting(VrsSample::id).doesNotHaveDuplicates();
    assertThat(prepared.samples().get(0).id()).startsWith(volumeId + "/liver-");
    PrepareConfig salted =
        new PrepareConfig(16, AbsentTargets.DROP, "another salt", 0.5, ImplausibleValues.REJECT);
    assertThat(((PreparedVolume) prepare(scan("patient-7"), salted)).shard().volumeId())
        .isNotEqualTo(volumeId);
  }

  @Test
  void preparingAgainGivesTheSame() throws IOException {
    DatasetCase scan = scan("a");
    PrepareConfig config = config(4, AbsentTargets.KEEP);
    assertThat(prepare(scan, config)).isEqualTo(prepare(scan, config));
  }

  @Test
  void casesAndResultsTravelByJavaSerialization() throws Exception {
    DatasetCase scan = scan("a");
    PreparationResult prepared = prepare(scan, config(4, AbsentTargets.KEEP));
    RejectedVolume rejected = new RejectedVolume("b", Kind.CORRUPT, "b.nii.gz: it is damaged");
    for (Object value : List.of(scan, prepared, rejected, PrepareConfig.defaults())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(value);
      }
    }
  }

  @Test
  void anAbsentTargetIsKeptWithoutEvidenceWhereThatIsAsked() throws IOException {
    PreparedVolume prepared = (PreparedVolume) prepare(scan("a"), config(16, AbsentTargets.KEEP));
    VrsSample spleen = prepared.samples().get(3);
    assertThat(spleen.target()).isEqualTo("spleen");
    assertThat(spleen.key()).isEmpty();
    assertThat(spleen.keyBoxes()).isEmpty();
    assertThat(prepared.findings().absentTargets()).containsExactly("spleen");
  }

  @Test
  void aTargetBetweenTheShownSlicesIsNeitherAskedForNorDenied() throws IOException {
    // Slices 0, 2 and 4 are shown; the cyst lies on slice 3.
    PreparedVolume prepared = (PreparedVolume) prepare(scan("a"), config(3, AbsentTargets.KEEP));
    assertThat(prepared.findings().unshownTargets()).containsExactly("cyst");
    assertThat(prepared.samples()).extracting(VrsSample::target).doesNotContain("cyst");
  }

  @Test
  void aTruncatedScanIsRejectedWhileTheOthersAreCommitted() throws IOException {
    List<DatasetCase> scans = List.of(scan("a"), scan("b"), scan("c"));
    Path cut = Path.of(scans.get(1).imagePath());
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    List<PreparedVolume> prepared = new ArrayList<>();
    List<RejectedVolume> rejected = new ArrayList<>();
    for (DatasetCase scan : scans) {
      PreparationResult result = prepare(scan, PrepareConfig.defaults());
      if (result instanceof PreparedVolume volume) {
        prepared.add(volume);
      } else {
        rejected.add((RejectedVolume) result);
      }
    }
    assertThat(rejected).hasSize(1);
    assertThat(rejected.get(0).caseId()).isEqualTo("b");
    assertThat(rejected.get(0).kind()).isEqualTo(Kind.TRUNCATED);
    assertThat(rejected.get(0).reason()).startsWith(cut + ": ");
    String out = folder.resolve("out").toString();
    FolderDescription description =
        new FolderDescription("toy", Map.of(LIVER, "liver"), List.of(), Map.of());
    PreparedDataset.commit(storage, out, description, prepared);
    String forward = Files.readString(folder.resolve("out/manifest.json"));
    PreparedDataset.commit(storage, out, description, List.of(prepared.get(1), prepared.get(0)));
    assertThat(Files.readString(folder.resolve("out/manifest.json"))).isEqualTo(forward);
    ShardDataset dataset = ShardDataset.open(storage, out);
    assertThat(dataset.manifest().shards()).hasSize(2);
    assertThat(dataset.samples()).hasSize(6);
    dataset.openShard(prepared.get(0).shard().volumeId()).close();
  }

  @Test
  void otherBadCasesAreRejectedByKind() throws IOException {
    DatasetCase scan = scan("a");
    Path label = Path.of(scan.labelPath());
    write("in/labels/a.nii.gz", VolumeGeometry.canonical(GRID, 4, 2, 3), labels(), "LPS");
    assertThat(rejected(scan).kind()).isEqualTo(Kind.MISMATCH);
    Files.writeString(label, "<html>not found</html>".repeat(30));
    assertThat(rejected(scan).reason()).contains("a.nii.gz");
    Files.delete(label);
    assertThat(rejected(scan).kind()).isEqualTo(Kind.UNREADABLE);
    assertThat(rejected(scan).reason()).contains("does not exist");
    short[] negative = labels();
    negative[0] = -3;
    write("in/labels/a.nii.gz", GEOMETRY, negative, "LPS");
    assertThat(rejected(scan).kind()).isEqualTo(Kind.VALUES);
  }

  @Test
  void valuesThatAreNoHounsfieldUnitsAreRejectedOrTakenWithAWarning() throws IOException {
    DatasetCase scan = scan("a");
    short[] normalised = new short[GRID.voxels()];
    Arrays.fill(normalised, 0, 50, (short) 1);
    write("in/images/a.nii.gz", GEOMETRY, normalised, "RAS");
    assertThat(rejected(scan).kind()).isEqualTo(Kind.VALUES);
    assertThat(rejected(scan).reason())
        .contains("its values reach from 0 to 1 and are no Hounsfield units")
        .contains("prepare.implausible-values=warn");
    PrepareConfig accepting =
        new PrepareConfig(16, AbsentTargets.DROP, "pepper", 0.5, ImplausibleValues.WARN);
    PreparedVolume taken = (PreparedVolume) prepare(scan, accepting);
    assertThat(taken.samples()).isNotEmpty();
    assertThat(taken.findings().warnings())
        .extracting(CaseWarning::kind)
        .containsExactly(Kind.VALUES);
    assertThat(taken.findings().warnings().get(0).reason()).contains("from 0 to 1");
  }

  @Test
  void labelsAFractionOfAVoxelAwayAreTakenWithAWarning() throws IOException {
    DatasetCase scan = scan("a");
    VolumeGeometry near = VolumeGeometry.canonical(GRID, 4, 2, 2.05);
    write("in/labels/a.nii.gz", near, labels(), "LPS");
    PreparedVolume taken = (PreparedVolume) prepare(scan, PrepareConfig.defaults());
    assertThat(taken.findings().warnings()).extracting(CaseWarning::kind).contains(Kind.MISMATCH);
    assertThat(taken.samples().get(0).keyBoxes()).containsExactly(new PixelBox(3, 1, 5, 2));
  }

  @Test
  void slicesTooNarrowToBeShownAreRejected() throws IOException {
    DatasetCase scan = scan("a");
    GridSize narrow = new GridSize(2, 1, 300);
    VolumeGeometry geometry = VolumeGeometry.canonical(narrow, 4, 2, 2);
    write("in/images/a.nii.gz", geometry, new short[narrow.voxels()], "LPS");
    write("in/labels/a.nii.gz", geometry, new short[narrow.voxels()], "LPS");
    assertThat(rejected(scan).kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(rejected(scan).reason()).contains("1x300 pixels").contains("at most 200 times");
  }

  private RejectedVolume rejected(DatasetCase scan) throws IOException {
    return (RejectedVolume) prepare(scan, PrepareConfig.defaults());
  }

  @Test
  void anOutputThatCannotBeWrittenIsNoFaultOfTheScan() throws IOException {
    DatasetCase scan = scan("a");
    Files.writeString(folder.resolve("out"), "a file in the way");
    MedVolException failure =
        catchThrowableOfType(MedVolException.class, () -> prepare(scan, PrepareConfig.defaults()));
    assertThat(failure.code()).isEqualTo(ErrorCode.RESOURCE);
  }
}
