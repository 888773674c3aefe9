package io.medvol.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.RgbImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageProcessorTest {
  private static final String SETTINGS =
      """
      {"patch_size": 2, "temporal_patch_size": 2, "merge_size": 2, "min_pixels": 16,
       "max_pixels": 64, "image_mean": [0.5, 0.25, 0.0], "image_std": [0.5, 1.0, 2.0]}
      """;

  private static ObjectNode settings() throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(SETTINGS);
  }

  @Test
  void patchesFollowTheMergeBlocksAndHoldChannelFrameRowColumn() throws IOException {
    byte[] rgb = new byte[4 * 8 * 3];
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 8; x++) {
        rgb[(y * 8 + x) * 3] = (byte) (10 * y + x);
        rgb[(y * 8 + x) * 3 + 1] = (byte) 255;
      }
    }
    ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.of(settings()));
    PatchedImages patches = processor.process(List.of(new RgbImage(4, 8, rgb)));
    assertThat(patches.grids()).containsExactly(new ImageGrid(1, 2, 4));
    assertThat(processor.patchLength()).isEqualTo(3 * 2 * 2 * 2);
    // Top left corner of each patch: the left block of two by two patches, then the right one.
    int[] corners = {0, 2, 20, 22, 4, 6, 24, 26};
    for (int patch = 0; patch < corners.length; patch++) {
      float[] values = patches.pixelValues();
      int at = patch * processor.patchLength();
      int[] red = {0, 1, 10, 11, 0, 1, 10, 11};
      for (int i = 0; i < red.length; i++) {
        assertThat(values[at + i])
            .isCloseTo(((corners[patch] + red[i]) / 255f - 0.5f) / 0.5f, within(1e-6f));
        assertThat(values[at + 8 + i]).isCloseTo(0.75f, within(1e-6f));
        assertThat(values[at + 16 + i]).isZero();
      }
    }
  }

  @Test
  void edgesOfTheSizeMeanAreas() throws IOException {
    ObjectNode json = settings();
    json.remove(List.of("min_pixels", "max_pixels"));
    json.putObject("size").put("shortest_edge", 100).put("longest_edge", 400);
    ImageProcessorConfig config = ImageProcessorConfig.of(json);
    assertThat(config.minPixels()).isEqualTo(100);
    assertThat(config.maxPixels()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "patch_size, 0",
    "patch_size, null",
    "merge_size, 3000000",
    "image_mean, '[0.5]'",
    "image_std, '[0.5, 0.0, 0.5]'",
    "do_normalize, false",
    "rescale_factor, 1.0",
    "max_pixels, 3",
  })
  void aSettingThatCannotBeUsedIsNamed(String name, String value) throws IOException {
    ObjectNode json = settings();
    json.set(name, new ObjectMapper().readTree(value));
    assertThatThrownBy(() -> new ImageProcessor(ImageProcessorConfig.of(json)))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining(name);
  }

  @Test
  void resizingAFlatPictureKeepsItFlat() {
    byte[] flat = new byte[30 * 50];
    Arrays.fill(flat, (byte) 200);
    byte[] resized = PillowBicubic.resize(flat, new ImageSize(30, 50), 1, new ImageSize(64, 17));
    assertThat(resized).hasSize(64 * 17).containsOnly((byte) 200);
  }
}
