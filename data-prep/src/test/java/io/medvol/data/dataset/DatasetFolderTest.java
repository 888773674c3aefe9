package io.medvol.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFolderTest {
  private static final String YAML =
      """
      name: toy
      labels: {1: liver, 2: right kidney, 3: left kidney}
      queries:
      - target: liver
        labels: [1]
        questions: [Segment the liver., Find the organ that makes bile.]
      - target: kidneys
        labels: [2, 3]
        box-rule: {components: {min-pixels: 4, max-boxes: 2}}
        questions: [Segment both kidneys.]
      case-queries:
        b:
        - {target: right kidney, labels: [2], questions: [Find the kidney with a stone.]}
      """;

  @TempDir Path folder;

  private void touch(String... files) throws IOException {
    for (String file : files) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.writeString(folder.resolve(file), "x");
    }
  }

  private DatasetFolder open(String yaml) throws IOException {
    Files.writeString(folder.resolve("dataset.yaml"), yaml);
    return DatasetFolder.open(new LocalStorage(), folder.toString());
  }

  private MedVolException failure(String yaml) {
    return catchThrowableOfType(MedVolException.class, () -> open(yaml));
  }

  @Test
  void casesArePairsInTheOrderOfTheirIds() throws IOException {
    touch("images/b.nii.gz", "images/a.nii", "labels/a.nii.gz", "labels/b.nii.gz");
    touch("images/.hidden.nii.gz", "images/notes.txt", "labels/.DS_Store");
    DatasetFolder opened = open(YAML);
    assertThat(opened.rejected()).isEmpty();
    assertThat(opened.cases()).extracting(DatasetCase::id).containsExactly("a", "b");
    DatasetCase a = opened.cases().get(0);
    assertThat(a.imagePath()).isEqualTo(folder + "/images/a.nii");
    assertThat(a.labelPath()).isEqualTo(folder + "/labels/a.nii.gz");
    assertThat(a.queries()).extracting(StructureQuery::target).containsExactly("liver", "kidneys");
    assertThat(a.queries().get(1).boxRule()).isEqualTo(new BoxRule.Components(4, 2));
    assertThat(opened.cases().get(1).queries())
        .extracting(StructureQuery::target)
        .containsExactly("liver", "kidneys", "right kidney");
  }

  @Test
  void incompleteCasesAreRejectedWithTheirReason() throws IOException {
    touch("images/a.nii.gz", "images/b.nii.gz", "labels/b.nii.gz", "labels/c.nii");
    touch("images/d.nii", "images/d.nii.gz", "labels/d.nii");
    DatasetFolder opened = open(YAML);
    assertThat(opened.cases()).extracting(DatasetCase::id).containsExactly("b");
    assertThat(opened.rejected())
        .containsExactly(
            new RejectedVolume(
                "a",
                Kind.NO_LABELS,
                folder + "/images/a.nii.gz: there are no labels of this name."),
            new RejectedVolume(
                "c", Kind.NO_IMAGE, folder + "/labels/c.nii: there is no image of this name."),
            new RejectedVolume(
                "d",
                Kind.AMBIGUOUS,
                folder
                    + "/images/d.nii: there is also "
                    + folder
                    + "/images/d.nii.gz; keep one of them."));
  }

  @Test
  void theDescriptionIsCheckedAsAWhole() throws IOException {
    touch("images/a.nii.gz", "labels/a.nii.gz");
    assertThat(
            failure(
                """
                name: ''
                labels: {1: liver, 0: nothing}
                queries:
                - {target: liver, labels: [], questions: [a, a]}
                - {target: spleen, labels: [1, 70000], questions: ['']}
                """))
        .hasMessageContaining("name (" + folder + "/dataset.yaml:1): is ''; allowed")
        .hasMessageContaining("labels (" + folder + "/dataset.yaml:2): is {1=liver, 0=nothing}")
        .hasMessageContaining("queries[0].labels")
        .hasMessageContaining("queries[0].questions")
        .hasMessageContaining("each question once")
        .hasMessageContaining("queries[1].labels")
        .hasMessageContaining("queries[1].questions");
    assertThat(failure("name: a\nlabels: {}\nqueries: [{target: x, labels: [9], questions: [q]}]"))
        .hasMessageContaining("is {}; allowed: at least one value with its name");
    MedVolException unknownCase = failure(YAML);
    assertThat(unknownCase.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(unknownCase).hasMessageContaining("case-queries names cases without an image: b.");
  }

  @Test
  void aFolderWithoutDescriptionOrImagesIsTheUsersToPutRight() throws IOException {
    MedVolException nothing =
        catchThrowableOfType(
            MedVolException.class, () -> DatasetFolder.open(new LocalStorage(), folder.toString()));
    assertThat(nothing.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(nothing).hasMessageContaining("has no dataset.yaml; expected images/*.nii.gz");
    touch("labels/a.nii.gz");
    assertThat(failure(YAML)).hasMessageContaining("There is no folder " + folder + "/images");
    touch("images/readme.txt");
    assertThat(failure(YAML)).hasMessageContaining("images holds no .nii or .nii.gz file");
  }

  private DatasetFolder openAsItIs() throws IOException {
    return DatasetFolder.open(new LocalStorage(), folder.toString());
  }

  @Test
  void otherLayoutsAreNamed() throws IOException {
    touch("imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "dataset.json");
    assertThat(catchThrowableOfType(MedVolException.class, this::openAsItIs))
        .hasMessageContaining("has no dataset.yaml")
        .hasMessageContaining("Found imagesTr/ and labelsTr/: nnU-Net's layout.");
    assertThat(failure("labels: {1: liver}"))
        .hasMessageContaining("There is no folder " + folder + "/images, where")
        .hasMessageContaining("Found imagesTr/ and labelsTr/: nnU-Net's layout.");
  }

  @Test
  void subjectFoldersAndDicomAreNamed() throws IOException {
    touch("s0001/ct.nii.gz", "s0001/segmentations/liver.nii.gz");
    assertThat(failure("labels: {1: liver}"))
        .hasMessageContaining("Found s0001/ct.nii.gz and s0001/segmentations/: TotalSegmentator's")
        .hasMessageContaining("labels/<case>.nii.gz");
    touch("images/p1/slice0.dcm", "images/README");
    Files.delete(folder.resolve("s0001/ct.nii.gz"));
    assertThat(failure("labels: {1: liver}"))
        .hasMessageContaining("holds no .nii or .nii.gz file. Found DICOM files (images/p1/*.dcm)");
  }

  @Test
  void endingsAreReadInEitherCase() throws IOException {
    touch("images/a.NII.GZ", "labels/a.nii.gz", "images/b.Nii", "labels/b.NII.gz");
    assertThat(open("labels: {1: liver}").cases())
        .extracting(DatasetCase::id)
        .containsExactly("a", "b");
    touch("images/a.nii");
    assertThat(open("labels: {1: liver}").rejected())
        .extracting(RejectedVolume::kind)
        .containsExactly(Kind.AMBIGUOUS);
  }

  @Test
  void theFirstChannelOfNnUNetBelongsToTheLabelsWithoutIt() throws IOException {
    touch("images/c0_0000.nii.gz", "images/c0_0001.nii.gz", "labels/c0.nii.gz");
    touch("images/d_0000.nii.gz", "labels/d_0000.nii.gz", "images/e_0000.nii.gz");
    DatasetFolder opened = open("labels: {1: liver}");
    assertThat(opened.cases()).extracting(DatasetCase::id).containsExactly("c0", "d_0000");
    assertThat(opened.cases().get(0).imagePath()).endsWith("images/c0_0000.nii.gz");
    assertThat(opened.rejected())
        .extracting(RejectedVolume::reason)
        .containsExactly(
            folder
                + "/images/c0_0001.nii.gz: there are no labels of this name; it is a further"
                + " channel of c0, and one channel is read.",
            folder + "/images/e_0000.nii.gz: there are no labels of this name.");
  }

  @Test
  void onlyUtf8IsRead() throws IOException {
    touch("images/a.nii.gz", "labels/a.nii.gz");
    Path yaml = folder.resolve("dataset.yaml");
    String text = "name: x\nlabels: {1: \u00e9l\u00e9ment}\n";
    Files.write(yaml, text.getBytes(StandardCharsets.ISO_8859_1));
    MedVolException latin = catchThrowableOfType(MedVolException.class, this::openAsItIs);
    assertThat(latin.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(latin)
        .hasMessage(
            "File "
                + yaml
                + " is not UTF-8 text: line 2 holds the byte 0xE9; save the file as UTF-8.");
    Files.writeString(yaml, "\uFEFF" + text);
    assertThat(openAsItIs().description().labelNames()).containsEntry(1, "\u00e9l\u00e9ment");
  }

  @Test
  void labelsAloneAreEnough() throws IOException {
    touch("images/a.nii.gz", "labels/a.nii.gz");
    FolderDescription description = open("labels: {1: liver, 2: kidney_right}").description();
    assertThat(description.name()).isEqualTo(folder.getFileName().toString());
    assertThat(description.queries())
        .containsExactly(
            new StructureQuery(
                "liver", List.of(1), new BoxRule.Single(), List.of("Where is the liver?")),
            new StructureQuery(
                "kidney_right",
                List.of(2),
                new BoxRule.Single(),
                List.of("Where is the right kidney?")));
    assertThat(FolderDescription.parse("again", "other", description.yaml()))
        .isEqualTo(description);
  }

  @Test
  void labelsWithoutAQueryAreAskedForUnlessAQueryIsSilent() throws IOException {
    touch("images/a.nii.gz", "labels/a.nii.gz");
    FolderDescription description =
        open("""
                labels: {1: liver, 2: spleen, 3: spine, 4: cyst}
                queries:
                - {labels: [1, 4], questions: [Segment the liver with its cyst.]}
                - {target: spine, labels: [3], questions: []}
                - {labels: [2]}
                """)
            .description();
    assertThat(description.queries())
        .extracting(StructureQuery::target)
        .containsExactly("liver and cyst", "spleen");
    assertThat(description.queries().get(1).questions()).containsExactly("Where is the spleen?");
    assertThat(FolderDescription.parse("again", "other", description.yaml()))
        .isEqualTo(description);
  }

  @Test
  void wrongKeysAndWrongLabelValuesAreReportedTogether() throws IOException {
    touch("images/a.nii.gz", "labels/a.nii.gz");
    assertThat(
            failure(
                """
                nam: toy
                labels: {1: liver, 2: spleen}
                queries:
                - {target: liver, labels: [1], qestions: [a]}
                - target: spleen
                  labels: [7]
                - {target: cyst, labels: [1], questions: 7: a}
                """))
        .hasMessageContaining("not readable YAML");
    assertThat(
            failure(
                """
                nam: toy
                labels: {1: liver, 2: spleen}
                queries:
                - {target: liver, labels: [1], qestions: [a]}
                - target: spleen
                  labels: [7]
                - {target: cyst, labels: many, questions: [a]}
                """))
        .hasMessageContaining("4 problems")
        .hasMessageContaining("nam (" + folder + "/dataset.yaml:1): is an unknown key")
        .hasMessageContaining("queries[0].qestions (" + folder + "/dataset.yaml:4)")
        .hasMessageContaining(
            "queries[1].labels ("
                + folder
                + "/dataset.yaml:6): is [7]; allowed: values that have a name under labels, which"
                + " are 1 (liver), 2 (spleen)")
        .hasMessageContaining("queries[2].labels (" + folder + "/dataset.yaml:7): is 'many'");
  }

  @Test
  void specialTokensAreRefusedWithTheirLine() throws IOException {
    touch("images/a.nii.gz", "labels/a.nii.gz");
    String at = " (" + folder + "/dataset.yaml:";
    assertThat(
            failure(
                """
                name: a<|im_end|>
                labels:
                  1: liver
                  2: <|vision_start|>
                queries:
                - target: liver
                  labels: [1]
                  questions:
                  - Segment the liver.
                  - Segment <|image_pad|> the liver.
                case-queries:
                  a:
                  - {target: <|x|>, labels: [2], questions: ['Fine <b|c>?']}
                """))
        .hasMessageContaining("4 problems")
        .hasMessageContaining("name" + at + "1)")
        .hasMessageContaining("labels.2" + at + "4)")
        .hasMessageContaining("queries[0].questions[1]" + at + "10): is 'Segment <|image_pad|>")
        .hasMessageContaining("case-queries.a[0].target" + at + "13)");
  }

  @Test
  void aDescriptionReadsBackToItself() {
    FolderDescription description = FolderDescription.parse("d.yaml", "x", YAML);
    assertThat(FolderDescription.parse("again", "x", description.yaml())).isEqualTo(description);
    assertThat(description.labelNames().keySet()).containsExactly(1, 2, 3);
    assertThat(description.caseQueries().get("b").get(0).questions())
        .isEqualTo(List.of("Find the kidney with a stone."));
  }
}
