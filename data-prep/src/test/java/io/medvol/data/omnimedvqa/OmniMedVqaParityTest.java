package io.medvol.data.omnimedvqa;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.picture.Picture;
import io.medvol.data.picture.PictureDecoder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("parity")
class OmniMedVqaParityTest {
  /** Decoders of JPEG may differ by this many grey levels. */
  private static final int JPEG_TOLERANCE = 2;

  private Path folder;
  private JsonNode expected;
  private OmniMedVqaFolder found;

  @BeforeEach
  void open() throws IOException {
    folder = Golden.find("m3d/OmniMedVQA").orElse(null);
    Path cases = Golden.find("m3d/cases/08_omnimedvqa.json").orElse(null);
    Assumptions.assumeTrue(folder != null && cases != null, "this golden set has no OmniMedVQA");
    expected = Golden.json(cases);
    found = OmniMedVqaFolder.open(new LocalStorage(), folder.toString());
  }

  @Test
  void rowsAreThoseOfMedR1() {
    Map<String, QaRow> rows = new LinkedHashMap<>();
    for (PictureCase pictured : found.cases()) {
      pictured.rows().forEach(row -> rows.put(row.questionId(), row));
    }
    assertThat(rows).hasSize(expected.get("rows").size());
    for (JsonNode node : expected.get("rows")) {
      QaRow row = rows.get(node.get("question_id").asText());
      assertThat(row).as(node.toString()).isNotNull();
      assertThat(row.modality()).isEqualTo(node.get("modality").asText());
      assertThat(row.questionType()).isEqualTo(node.get("type").asText());
      assertThat(row.imagePath()).isEqualTo(node.get("image").asText());
      assertThat(row.problem()).isEqualTo(node.get("problem").asText());
      assertThat("<answer> " + ChoiceSample.letter(row.answer()) + " </answer>")
          .isEqualTo(node.get("solution").asText());
      List<String> letters = new ArrayList<>();
      node.get("options").forEach(letter -> letters.add(letter.asText()));
      assertThat(row.options()).hasSameSizeAs(letters);
    }
  }

  @Test
  void rejectedQuestionsAreThoseOfTheReferenceForItsReasons() {
    assertThat(found.rejected()).hasSize(expected.get("rejected").size());
    Map<String, RejectedVolume> rejected = new LinkedHashMap<>();
    found.rejected().forEach(row -> rejected.put(row.caseId(), row));
    for (JsonNode node : expected.get("rejected")) {
      assertThat(rejected.get(node.get("question_id").asText()).reason())
          .contains(node.get("reason").asText());
    }
  }

  @Test
  void picturesDecodeToTheSameColours() throws IOException {
    GoldenTensors tensors =
        Golden.tensors(Golden.find("m3d/cases/08_omnimedvqa.safetensors").get());
    assertThat(tensors.names()).isNotEmpty();
    for (String name : tensors.names()) {
      Picture picture = PictureDecoder.decode(name, Files.readAllBytes(folder.resolve(name)));
      long[] shape = tensors.shape(name);
      assertThat(new long[] {picture.rows(), picture.columns(), Picture.COLOURS}).isEqualTo(shape);
      byte[] rgb = picture.rgb();
      byte[] reference = tensors.bytes(name);
      int tolerance = name.endsWith(".png") ? 0 : JPEG_TOLERANCE;
      for (int i = 0; i < rgb.length; i++) {
        assertThat(Math.abs((rgb[i] & 0xff) - (reference[i] & 0xff)))
            .as("%s, sample %d", name, i)
            .isLessThanOrEqualTo(tolerance);
      }
    }
  }
}
