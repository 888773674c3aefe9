package io.medvol.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
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
                - {target: spleen, labels: [1, 70000], questions: []}
                """))
        .hasMessageContaining("name (" + folder + "/dataset.yaml:1): is ''; allowed")
        .hasMessageContaining("labels (" + folder + "/dataset.yaml:2): is {1=liver, 0=nothing}")
        .hasMessageContaining("queries[0].labels")
        .hasMessageContaining("queries[0].questions")
        .hasMessageContaining("each question once")
        .hasMessageContaining("queries[1].labels")
        .hasMessageContaining("queries[1].questions");
    assertThat(failure("name: a\nlabels: {}\nqueries: [{target: x, labels: [9], questions: [q]}]"))
        .hasMessageContaining("is [9]; allowed: labels that have a name under labels");
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
    assertThat(failure(YAML)).hasMessageContaining("images holds no .nii or .nii.gz file");
  }

  @Test
  void aDescriptionReadsBackToItself() {
    FolderDescription description = FolderDescription.parse("d.yaml", YAML);
    assertThat(FolderDescription.parse("again", description.yaml())).isEqualTo(description);
    assertThat(description.labelNames().keySet()).containsExactly(1, 2, 3);
    assertThat(description.caseQueries().get("b").get(0).questions())
        .isEqualTo(List.of("Find the kidney with a stone."));
  }
}
