package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sam2ConfigReaderTest {
  private static final Path SMALL = Golden.projectRoot().resolve("testdata/tiny-sam2/config.yaml");

  @TempDir Path folder;

  private Path with(String from, String to) throws IOException {
    String text = Files.readString(SMALL);
    assertThat(text).contains(from);
    return Files.writeString(folder.resolve("config.yaml"), text.replace(from, to));
  }

  private static void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> Sam2ConfigReader.read(file))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessageContainingAll(words);
  }

  @Test
  void readsTheSizes() {
    Sam2Config config = Sam2ConfigReader.read(SMALL);
    assertThat(config.imageSize()).isEqualTo(128);
    assertThat(config.grid()).isEqualTo(8);
    assertThat(config.trunk().windows()).containsExactly(8, 4, 6, 3);
    assertThat(config.memoryEncoder().width()).isEqualTo(16);
    assertThat(config.tracking()).isEqualTo(Sam2Config.Tracking.SAM2_1);
  }

  @Test
  void anAbsentFileIsRefused() {
    assertRefused(folder.resolve("absent.yaml"), "absent.yaml");
  }

  @Test
  void everyProblemIsToldAtOnce() throws IOException {
    Path file = with("image_size: 128", "image_size: 100");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("pred_obj_scores: true", "pred_obj_scores: false")
            .replace("d_model: 64\n      backbone", "d_model: 60\n      backbone"));
    assertRefused(
        file,
        "image_size must be a multiple of 32 up to 4096, not 100",
        "pred_obj_scores must be true, not false",
        "d_model must be a multiple of 16, not 60");
  }

  @Test
  void valuesOfAnotherTypeAreRefused() throws IOException {
    assertRefused(with("image_size: 128", "image_size: [1, 2]"), "image_size must be a whole");
    assertRefused(with("embed_dim: 16", "embed_dim: sixteen"), "embed_dim must be a whole number");
  }

  @Test
  void thePublishedSizesHaveTheirNumberOfWeights() {
    // 38.96 million values, as the manifest of the smallest published size lists them.
    assertThat(count(Sam2Size.TINY)).isEqualTo(38_962_754L);
    assertThat(count(Sam2Size.SMALL)).isBetween(45_900_000L, 46_200_000L);
    assertThat(count(Sam2Size.BASE_PLUS)).isBetween(80_700_000L, 81_000_000L);
    assertThat(count(Sam2Size.LARGE)).isBetween(224_300_000L, 224_600_000L);
  }

  private static long count(Sam2Size size) {
    return Sam2Layout.of(size.config(1024)).values().stream()
        .mapToLong(shape -> shape.stream().reduce(1L, (a, b) -> a * b))
        .sum();
  }
}
