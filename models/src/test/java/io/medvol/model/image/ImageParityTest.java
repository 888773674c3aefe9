package io.medvol.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.RgbImage;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class ImageParityTest {
  /** Limit of the reference set for normalised pixel values. */
  private static final float PIXEL_TOLERANCE = 1e-5f;

  @TestFactory
  Stream<DynamicTest> picturesBecomeTheReferencePatches() {
    return cases()
        .flatMap(
            file -> {
              JsonNode golden = Golden.json(file);
              GoldenTensors tensors = tensors(file);
              ImageProcessor processor = processor(file);
              List<String> names = new ArrayList<>();
              golden.get("cases").fieldNames().forEachRemaining(names::add);
              return names.stream()
                  .map(
                      name ->
                          named(file, name, () -> checkPicture(processor, golden, tensors, name)));
            });
  }

  @TestFactory
  Stream<DynamicTest> smartResizeGivesTheReferenceSizes() {
    return cases()
        .map(
            file ->
                named(
                    file,
                    "smart_resize",
                    () -> {
                      int factor = factor(file);
                      JsonNode rows = Golden.json(file).at("/smart_resize/rows");
                      assertThat(rows).isNotEmpty();
                      for (JsonNode row : rows) {
                        checkSmartResize(factor, row);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> greySlicesResizeToTheReferenceBytes() {
    Path file = Golden.find("volumes/resizing.safetensors").orElse(null);
    assumeTrue(file != null, "the set has no volumes/resizing.safetensors");
    GoldenTensors tensors = Golden.tensors(file);
    return tensors.names().stream()
        .filter(name -> name.endsWith(".input"))
        .map(name -> name.substring(0, name.length() - ".input".length()))
        .map(
            name ->
                named(
                    file,
                    name,
                    () ->
                        assertThat(
                                PillowBicubic.resize(
                                    tensors.bytes(name + ".input"),
                                    size(tensors.shape(name + ".input")),
                                    1,
                                    size(tensors.shape(name + ".output"))))
                            .isEqualTo(tensors.bytes(name + ".output"))));
  }

  private static void checkPicture(
      ImageProcessor processor, JsonNode golden, GoldenTensors tensors, String name) {
    ImageSize size = size(tensors.shape(name + ".image"));
    byte[] samples = tensors.bytes(name + ".image");
    RgbImage image =
        new RgbImage(
            size.rows(),
            size.columns(),
            tensors.shape(name + ".image").length == 2 ? threeChannels(samples) : samples);
    if (tensors.has(name + ".resized")) {
      ImageSize target = size(tensors.shape(name + ".resized"));
      assertThat(processor.config().smartResize().apply(size)).isEqualTo(target);
      assertThat(PillowBicubic.resize(image, target).rgb())
          .isEqualTo(tensors.bytes(name + ".resized"));
    }
    PatchedImages patches = processor.process(List.of(image));
    JsonNode grid = golden.at("/cases/" + name + "/image_grid_thw/0");
    assertThat(patches.grids())
        .containsExactly(
            new ImageGrid(grid.get(0).asInt(), grid.get(1).asInt(), grid.get(2).asInt()));
    assertThat(patches.pixelValues())
        .hasSize(patches.grids().get(0).patches() * processor.patchLength());
    if (tensors.has(name + ".pixel_values")) {
      assertThat(patches.pixelValues())
          .usingComparatorWithPrecision(PIXEL_TOLERANCE)
          .containsExactly(tensors.floats(name + ".pixel_values"));
    }
  }

  private static void checkSmartResize(int factor, JsonNode row) {
    SmartResize rule = new SmartResize(factor, row.get(2).asLong(), row.get(3).asLong());
    if (row.get(4).isNull()) {
      assertThatThrownBy(() -> rule.apply(size(row)))
          .as("%s", row)
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("too narrow");
    } else {
      assertThat(rule.apply(size(row))).as("%s", row).isEqualTo(size(row.get(4)));
    }
  }

  private static Stream<Path> cases() {
    return models().map(ImageParityTest::file).filter(Files::exists);
  }

  private static Stream<Path> models() {
    return Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl").stream();
  }

  private static Path file(Path model) {
    return Golden.cases(model).resolve("03_preprocess.json");
  }

  private static ImageProcessor processor(Path file) {
    Path owner = models().filter(model -> file(model).equals(file)).findFirst().orElseThrow();
    return ImageProcessor.open(ModelDirectory.open(owner));
  }

  private static GoldenTensors tensors(Path file) {
    return Golden.tensors(file.resolveSibling("03_preprocess.safetensors"));
  }

  private static int factor(Path file) {
    return processor(file).config().smartResize().factor();
  }

  private static DynamicTest named(Path file, String name, Runnable check) {
    return DynamicTest.dynamicTest(Golden.root().relativize(file) + " " + name, check::run);
  }

  private static ImageSize size(JsonNode row) {
    return new ImageSize(row.get(0).asInt(), row.get(1).asInt());
  }

  private static ImageSize size(long[] shape) {
    return new ImageSize((int) shape[0], (int) shape[1]);
  }

  private static byte[] threeChannels(byte[] grey) {
    byte[] rgb = new byte[grey.length * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = grey[i / 3];
    }
    return rgb;
  }
}
