package io.medvol.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of the image processor that shape a still picture; those for videos are ignored.
 *
 * @param patchSize side of a patch in pixels
 * @param temporalPatchSize frames per patch; a still picture is repeated that often
 * @param mergeSize patches per side that become one token
 * @param minPixels smallest area after resizing
 * @param maxPixels largest area after resizing
 * @param mean per channel, of values in 0..1
 * @param std per channel, of values in 0..1
 */
public record ImageProcessorConfig(
    int patchSize,
    int temporalPatchSize,
    int mergeSize,
    long minPixels,
    long maxPixels,
    List<Float> mean,
    List<Float> std) {
  private static final int MAX_SIDE = 1024;

  public ImageProcessorConfig {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    check(patchSize >= 1 && patchSize <= MAX_SIDE, "patch_size", patchSize);
    check(
        temporalPatchSize >= 1 && temporalPatchSize <= 16,
        "temporal_patch_size",
        temporalPatchSize);
    check(mergeSize >= 1 && mergeSize <= 16, "merge_size", mergeSize);
    check(mean.size() == 3, "image_mean", mean);
    check(std.size() == 3 && std.stream().allMatch(value -> value > 0), "image_std", std);
  }

  /**
   * Reads the settings as transformers 4 or 5 writes them.
   *
   * @throws MedVolException INVALID_INPUT if a setting is missing or not usable
   */
  public static ImageProcessorConfig of(JsonNode json) {
    for (String step : List.of("do_resize", "do_rescale", "do_normalize")) {
      check(json.path(step).asBoolean(true), step, json.path(step));
    }
    double rescale = json.path("rescale_factor").asDouble(1 / 255.0);
    check(Math.abs(rescale * 255 - 1) < 1e-6, "rescale_factor", rescale);
    JsonNode size = json.path("size");
    return new ImageProcessorConfig(
        integer(json, "patch_size"),
        integer(json, "temporal_patch_size"),
        integer(json, "merge_size"),
        pixels(json.path("min_pixels"), size, "shortest_edge", "min_pixels"),
        pixels(json.path("max_pixels"), size, "longest_edge", "max_pixels"),
        numbers(json, "image_mean"),
        numbers(json, "image_std"));
  }

  /** The same with other areas; 0 leaves one as it is. */
  ImageProcessorConfig withPixels(long min, long max) {
    return new ImageProcessorConfig(
        patchSize,
        temporalPatchSize,
        mergeSize,
        min == 0 ? minPixels : min,
        max == 0 ? maxPixels : max,
        mean,
        std);
  }

  /** The rule for the size of a picture. */
  public SmartResize smartResize() {
    return new SmartResize(patchSize * mergeSize, minPixels, maxPixels);
  }

  private static int integer(JsonNode json, String name) {
    JsonNode value = json.path(name);
    check(value.canConvertToInt(), name, value);
    return value.asInt();
  }

  /** A limit stands at the top, or in size by one of two names. */
  private static long pixels(JsonNode direct, JsonNode size, String edge, String name) {
    JsonNode inside = size.hasNonNull(edge) ? size.path(edge) : size.path(name);
    JsonNode value = direct.isMissingNode() || direct.isNull() ? inside : direct;
    check(value.canConvertToLong(), name + " (or size)", value);
    return value.asLong();
  }

  private static List<Float> numbers(JsonNode json, String name) {
    List<Float> values = new ArrayList<>();
    for (JsonNode value : json.path(name)) {
      check(value.isNumber(), name, value);
      values.add((float) value.asDouble());
    }
    return values;
  }

  private static void check(boolean usable, String name, Object value) {
    if (!usable) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The settings of the image processor: "
              + name
              + " is "
              + (value instanceof JsonNode node && node.isMissingNode() ? "missing" : value)
              + ", which the Qwen-VL image processor cannot use");
    }
  }
}
