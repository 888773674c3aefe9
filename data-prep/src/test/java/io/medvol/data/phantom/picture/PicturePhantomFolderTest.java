package io.medvol.data.phantom.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.dataset.FolderDescription;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.dataset.Prepared;
import io.medvol.data.dataset.PreparedDataset;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.Sample;
import io.medvol.data.omnimedvqa.OmniMedVqaFolder;
import io.medvol.data.omnimedvqa.PictureCase;
import io.medvol.data.omnimedvqa.PicturePreparer;
import io.medvol.data.phantom.picture.PicturePhantomConfig.OptionOrder;
import io.medvol.data.shard.SampleSelection;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.SplitPart;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturePhantomFolderTest {
  private static final Storage DISK = new LocalStorage();

  @TempDir Path folder;

  @Test
  void equalSeedsGiveEqualBytesAndOthersDoNot() throws IOException {
    write("a", config(2, 5, OptionOrder.SHUFFLED));
    write("b", config(2, 5, OptionOrder.SHUFFLED));
    write("c", config(2, 6, OptionOrder.SHUFFLED));
    String picture = "Images/CT/ct-00001.png";
    assertThat(folder.resolve("a/" + picture))
        .hasSameBinaryContentAs(folder.resolve("b/" + picture));
    assertThat(Files.readAllBytes(folder.resolve("c/" + picture)))
        .isNotEqualTo(Files.readAllBytes(folder.resolve("a/" + picture)));
    String questions = "QA_information/Open-access/Phantom ct.json";
    assertThat(folder.resolve("a/" + questions))
        .hasSameTextualContentAs(folder.resolve("b/" + questions));
  }

  @Test
  void everyModalityAndTypeIsAskedAboutAndPreparedWithoutARejection() throws IOException {
    int questions = write("set", config(6, 1, OptionOrder.FIXED));
    ShardDataset dataset = prepare("set");
    assertThat(dataset.samples()).hasSize(questions).allMatch(ChoiceSample.class::isInstance);
    Set<String> modalities = new HashSet<>();
    Set<String> types = new HashSet<>();
    for (Sample sample : dataset.samples()) {
      modalities.add(((ChoiceSample) sample).modality());
      types.add(((ChoiceSample) sample).questionType());
    }
    assertThat(modalities).hasSize(8);
    assertThat(types).hasSize(5);
    try (var shard = dataset.openShard(dataset.samples().get(0).sourceId())) {
      assertThat(shard.header().geometry().size().rows()).isEqualTo(16);
    }
  }

  @Test
  void partsShareNoPictureAndSelectionsKeepTheirPromise() throws IOException {
    write("set", config(6, 1, OptionOrder.FIXED));
    ShardDataset dataset = prepare("set");
    SampleSelection all = SampleSelection.defaults();
    List<Sample> joined = new ArrayList<>();
    Set<String> pictures = new HashSet<>();
    for (SplitPart part : List.of(SplitPart.TRAIN, SplitPart.VALIDATION, SplitPart.TEST)) {
      List<Sample> samples = all.withPart(part).of(dataset);
      joined.addAll(samples);
      Set<String> own = new HashSet<>();
      samples.forEach(sample -> own.add(dataset.contentSha256(sample)));
      own.forEach(picture -> assertThat(pictures.add(picture)).isTrue());
    }
    assertThat(joined).containsExactlyInAnyOrderElementsOf(dataset.samples());
    assertThat(all.withModality("OCT").withQuestionType("Lesion Grading").of(dataset))
        .isNotEmpty()
        .allMatch(sample -> ((ChoiceSample) sample).modality().equals("OCT"));
    assertThatThrownBy(() -> all.withModality("PET").of(dataset))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("samples.modalities=[PET]");
  }

  @Test
  void pictureThatIsMissingOrDamagedIsARow() throws IOException {
    write("set", config(1, 1, OptionOrder.FIXED));
    OmniMedVqaFolder cases = OmniMedVqaFolder.open(DISK, path("set"));
    PictureCase first = cases.cases().get(0);
    PicturePreparer preparer =
        new PicturePreparer(DISK, DISK, path("shards"), PrepareConfig.defaults());
    Files.writeString(Path.of(first.path()), "not a picture");
    assertThat(preparer.prepare(first))
        .isInstanceOfSatisfying(
            RejectedVolume.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(RejectedVolume.Kind.FORMAT));
    Files.delete(Path.of(first.path()));
    assertThat(preparer.prepare(first))
        .isInstanceOfSatisfying(
            RejectedVolume.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(RejectedVolume.Kind.NO_IMAGE));
  }

  private ShardDataset prepare(String name) throws IOException {
    OmniMedVqaFolder cases = OmniMedVqaFolder.open(DISK, path(name));
    assertThat(cases.rejected()).isEmpty();
    PicturePreparer preparer =
        new PicturePreparer(DISK, DISK, path("shards"), PrepareConfig.defaults());
    List<Prepared> prepared = new ArrayList<>();
    for (PictureCase pictured : cases.cases()) {
      prepared.add((Prepared) preparer.prepare(pictured));
    }
    PreparedDataset.commit(
        DISK,
        path("shards"),
        new FolderDescription("pictures", Map.of(), List.of(), Map.of()),
        prepared);
    return ShardDataset.open(DISK, path("shards"));
  }

  private int write(String name, PicturePhantomConfig config) throws IOException {
    return PicturePhantomFolder.write(DISK, path(name), config);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static PicturePhantomConfig config(int pictures, long seed, OptionOrder order) {
    return new PicturePhantomConfig(pictures, seed, 16, 8, order);
  }
}
