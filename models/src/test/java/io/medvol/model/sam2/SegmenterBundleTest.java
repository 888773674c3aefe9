package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmenterBundleTest {
  @TempDir private Path folder;

  @Test
  void theShippedBundleOpensAndSaysWhatWasMeasured() {
    SegmenterBundle.Description description = SegmenterBundle.shippedDescription();

    assertThat(description.weightsSha256()).matches("[0-9a-f]{64}");
    assertThat(description.organDice()).isBetween(0.5, 1.0);
    assertThat(description.lesionDice()).isBetween(0.0, 1.0);
    try (MedSam2Propagator segmenter = SegmenterBundle.shipped(MedSam2Settings.DEFAULT)) {
      assertThat(segmenter.name()).isEqualTo("medsam2");
    }
  }

  @Test
  void theShippedWeightsTakeAtMostFourMegabytes() throws IOException {
    try (var weights = SegmenterBundle.class.getResourceAsStream("bundle/model.safetensors")) {
      assertThat(weights.readAllBytes()).hasSizeLessThanOrEqualTo(4_000_000);
    }
  }

  @Test
  void weightsThatWereNotDescribedAreRefused() throws IOException {
    Files.writeString(folder.resolve("bundle.json"), "{\"weights-sha256\": \"00\"}");
    Files.write(folder.resolve("model.safetensors"), new byte[8]);

    assertThatThrownBy(() -> SegmenterBundle.open(folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("SHA-256");
  }

  @Test
  void aDescriptionThatIsMissingOrDamagedIsRefused() throws IOException {
    assertThatThrownBy(() -> SegmenterBundle.open(folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("bundle.json");
    Files.writeString(folder.resolve("bundle.json"), "{\"weights-");
    assertThatThrownBy(() -> SegmenterBundle.open(folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("not JSON");
    Files.writeString(folder.resolve("bundle.json"), "[]");
    assertThatThrownBy(() -> SegmenterBundle.open(folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("weights-sha256");
  }
}
