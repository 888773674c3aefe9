package io.medvol.data.dataset.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.dataset.CaseWarning;
import io.medvol.data.dataset.FolderDescription;
import io.medvol.data.dataset.PreparedVolume;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.dataset.ScanFindings;
import io.medvol.data.dataset.StructureQuery;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.ShardEntry;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationSummaryTest {
  private static final FolderDescription LIVER_AND_SPLEEN =
      FolderDescription.parse("d.yaml", "toy", "labels: {1: liver, 2: spleen}");

  private static VrsSample sample(String volumeId, String target) {
    return new VrsSample(
        volumeId + "/" + target,
        volumeId,
        "Where is the " + target + "?",
        target,
        List.of(1),
        new BoxRule.Single(),
        List.of(0),
        0,
        List.of(new PixelBox(0, 0, 1, 1)));
  }

  private static PreparedVolume volume(
      int number, List<Integer> present, List<String> targets, CaseWarning... warnings) {
    String id = "v%016d".formatted(number);
    return new PreparedVolume(
        "case-" + number,
        new ShardEntry(
            id,
            "shards/" + id + ".arrow",
            9,
            "0".repeat(64),
            new GridSize(10 + number, 4, 4),
            true,
            "0".repeat(64)),
        targets.stream().map(target -> sample(id, target)).toList(),
        new ScanFindings(
            5,
            0.75,
            0.75,
            present,
            LIVER_AND_SPLEEN.queries().stream()
                .map(StructureQuery::target)
                .filter(target -> !targets.contains(target))
                .toList(),
            List.of(),
            List.of(warnings)));
  }

  @Test
  void everyStructureHasALineAndNothingIsSilent() {
    CaseWarning offset = new CaseWarning(Kind.MISMATCH, "b.nii: its voxels lie 0.1 mm away.");
    PreparationSummary summary =
        PreparationSummary.of(
            LIVER_AND_SPLEEN,
            List.of(
                volume(0, List.of(1, 2), List.of("liver", "spleen")),
                volume(1, List.of(1, 255), List.of("liver"), offset)),
            List.of(new RejectedVolume("case-9", Kind.TRUNCATED, "x.nii: it ends early.")));
    assertThat(summary.samples()).isEqualTo(3);
    assertThat(summary.lines())
        .containsExactly(
            "  liver: 2 samples of 2 cases",
            "  spleen: 1 sample of 1 case, absent from 1",
            "Scans have 10 to 11 slices, 5 mm apart, with pixels of 0.75 mm.",
            "Warning: Label value 255 in 1 of 2 cases is not declared under labels and counts as"
                + " background.",
            "Rejected: case-9 (TRUNCATED): x.nii: it ends early.",
            "Warning: case-1 (MISMATCH): b.nii: its voxels lie 0.1 mm away.");
    assertThat(summary.metrics())
        .containsEntry("cases", 3)
        .containsEntry("absent_targets", 1)
        .containsEntry("warnings", 2)
        .containsEntry("structures", Map.of("liver", 2, "spleen", 1));
  }

  @Test
  void masksOf0And255AreToldFromTheDeclaredValue() {
    FolderDescription organ = FolderDescription.parse("d.yaml", "toy", "labels: {1: organ}");
    PreparationSummary summary =
        PreparationSummary.of(
            organ,
            IntStream.range(0, 12).mapToObj(i -> volume(i, List.of(255), List.of())).toList(),
            List.of());
    MedVolException failure = catchThrowableOfType(MedVolException.class, summary::requireSamples);
    assertThat(failure.code()).isEqualTo(ErrorCode.MALFORMED_DATA);
    assertThat(failure)
        .hasMessageContaining("None of the prepared cases (12) gives a sample")
        .hasMessageContaining(
            "Label value 255 in 12 of 12 cases is not declared under labels and counts as"
                + " background; as the masks hold 0 and 255 only, declare 255 instead of 1 as"
                + " organ.");
  }

  @Test
  void aStructureOnNoShownSliceAnywhereIsNoSuccess() {
    PreparationSummary summary =
        PreparationSummary.of(
            LIVER_AND_SPLEEN, List.of(volume(0, List.of(1), List.of())), List.of());
    assertThat(catchThrowableOfType(MedVolException.class, summary::requireSamples))
        .hasMessageContaining("Check the label values under labels, or show more slices.");
  }

  @Test
  void manyUndeclaredValuesAreOneLine() {
    PreparationSummary summary =
        PreparationSummary.of(
            LIVER_AND_SPLEEN,
            List.of(volume(0, IntStream.range(1, 62).boxed().toList(), List.of("liver"))),
            List.of());
    assertThat(summary.undeclared().orElseThrow())
        .startsWith("59 label values are not declared under labels")
        .endsWith("12 in 1 case and 49 more.");
  }

  @Test
  void manyStructuresAndFindingsStayAFewLines() {
    String labels =
        IntStream.rangeClosed(1, 50)
            .mapToObj(i -> i + ": organ " + i)
            .collect(Collectors.joining(", "));
    PreparationSummary summary =
        PreparationSummary.of(
            FolderDescription.parse("d.yaml", "toy", "labels: {" + labels + "}"),
            List.of(),
            IntStream.range(0, 500)
                .mapToObj(i -> new RejectedVolume("c" + i, Kind.FORMAT, "no NIfTI"))
                .toList());
    assertThat(summary.lines())
        .hasSizeLessThan(40)
        .contains("  and 30 more structures", "  and 490 more rejected cases");
  }

  @Test
  void findingsAreATableForASpreadsheet(@TempDir Path folder) throws IOException {
    PreparationSummary summary =
        PreparationSummary.of(
            LIVER_AND_SPLEEN,
            List.of(volume(0, List.of(1, 7), List.of("liver"))),
            List.of(new RejectedVolume("a, \"b\"", Kind.FORMAT, "no NIfTI")));
    FindingsFile.write(new LocalStorage(), folder.toString(), summary.findings());
    assertThat(Files.readAllLines(folder.resolve("findings.csv")))
        .containsExactly(
            "\"case\",\"outcome\",\"kind\",\"reason\"",
            "\"a, \"\"b\"\"\",\"rejected\",\"FORMAT\",\"no NIfTI\"",
            "\"case-0\",\"warning\",\"UNDECLARED\",\"Undeclared label values: 7.\"");
  }
}
