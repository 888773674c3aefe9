package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Windows and stretches, compared value by value. */
@Tag("parity")
class WindowingParityTest {
  private static final int ONE_GREY = 1;

  @TestFactory
  Stream<DynamicTest> windowsToTheSameGreyValues() {
    Path json = Golden.find("volumes/windowing.json").orElse(null);
    Assumptions.assumeTrue(json != null, "the set holds no windows");
    JsonNode windows = Golden.json(json).get("windows");
    GoldenTensors tensors = Golden.tensors(json.resolveSibling("windowing.safetensors"));
    // A picture is named window.source.rule, a source by itself.
    return tensors.names().stream()
        .filter(name -> name.chars().filter(c -> c == '.').count() == 2)
        .map(name -> DynamicTest.dynamicTest(name, () -> compareGreys(windows, tensors, name)));
  }

  private static void compareGreys(JsonNode windows, GoldenTensors tensors, String name) {
    String[] parts = name.split("\\.");
    JsonNode window = windows.get(parts[0]);
    byte[] greys =
        new HounsfieldWindow(window.get("centre").asDouble(), window.get("width").asDouble())
            .greys(
                shorts(tensors.longs(parts[1])),
                GreyRule.valueOf(parts[2].toUpperCase(Locale.ROOT)));
    assertThat(greys).containsExactly(tensors.bytes(name));
  }

  @TestFactory
  Stream<DynamicTest> stretchesAndWindowsSlicesAsThePaperDoes() {
    Path json = Golden.find("m3d/cases/03_intensity.json").orElse(null);
    Assumptions.assumeTrue(json != null, "the set holds no intensities");
    JsonNode window = Golden.json(json).get("window");
    GoldenTensors tensors = Golden.tensors(json.resolveSibling("03_intensity.safetensors"));
    Stream<DynamicTest> stretched =
        tensors.names().stream()
            .filter(name -> name.startsWith("autoscale.") && name.endsWith(".in"))
            .map(name -> DynamicTest.dynamicTest(name, () -> compareStretch(tensors, name)));
    return Stream.concat(
        stretched,
        Stream.of(DynamicTest.dynamicTest("windowed", () -> compareWindow(window, tensors))));
  }

  private static void compareStretch(GoldenTensors tensors, String name) {
    byte[] greys = PercentileStretch.PAPER.greys(tensors.floats(name));
    byte[] wanted = tensors.bytes(name.replaceAll("in$", "out"));
    assertThat(greys).hasSameSizeAs(wanted);
    for (int i = 0; i < greys.length; i++) {
      assertThat(greys[i] & 0xff).isCloseTo(wanted[i] & 0xff, within(ONE_GREY));
    }
  }

  private static void compareWindow(JsonNode json, GoldenTensors tensors) {
    HounsfieldWindow window =
        new HounsfieldWindow(json.get("level").asDouble(), json.get("width").asDouble());
    float[] hu = tensors.floats("hu");
    float[] wanted = tensors.floats("windowed");
    for (int i = 0; i < hu.length; i++) {
      assertThat(window.unit(hu[i])).isCloseTo(wanted[i], within(1e-5f));
    }
  }

  @TestFactory
  Stream<DynamicTest> normalisesByTheForeground() {
    Path json = Golden.find("m3d/cases/03_intensity.json").orElse(null);
    Assumptions.assumeTrue(json != null, "the set holds no intensities");
    GoldenTensors tensors = Golden.tensors(json.resolveSibling("03_intensity.safetensors"));
    return tensors.names().stream()
        .filter(name -> name.startsWith("m3d_normalise") && name.endsWith(".in"))
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () ->
                        assertThat(ForegroundNormalisation.of(tensors.floats(name)))
                            .containsExactly(
                                tensors.floats(name.replaceAll("in$", "out")), within(1e-5f))));
  }

  private static short[] shorts(long[] values) {
    short[] shorts = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      shorts[i] = (short) values[i];
    }
    return shorts;
  }
}
