package io.medvol.rollout.prompt;

import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.localisation.BoxCoordinates;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.ResponseForm;
import io.medvol.reward.response.WrittenBox;
import io.medvol.rollout.trajectory.RolloutSeed;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The answers a supervised policy is taught: a slice and boxes, or that the target is absent, in
 * the form the prompt asks for. A sample has one and the same demonstration whenever it is asked
 * for. Immutable.
 *
 * @param form blocks of the answer
 * @param scale of the coordinates
 */
public record Demonstration(DemonstrationConfig config, ResponseForm form, BoxScale scale) {
  /** An area below this share of the largest one is no good example. */
  private static final double LEAST_AREA = 0.25;

  /** With boxes in thousandths. */
  public Demonstration(DemonstrationConfig config, ResponseForm form) {
    this(config, form, BoxScale.THOUSANDTHS);
  }

  /** What is taught about a sample. */
  public String of(VrsSample sample, OpenVolume volume) {
    if (sample.key().isEmpty()) {
      return absent("I see no " + sample.target() + " on these slices.", form);
    }
    SplittableRandom random = new SplittableRandom(RolloutSeed.of(0, 0, sample.id(), 0));
    int slice = sample.key().getAsInt();
    List<PixelBox> boxes = sample.keyBoxes();
    if (config.slice() == DemonstrationConfig.SliceRule.ANY) {
      BinaryMask target = volume.mask(sample.labels());
      slice = any(target, sample.shownSlices(), random);
      boxes = GroundTruthBoxes.of(target, slice, sample.boxRule());
    }
    GridSize size = volume.size();
    return text(sample.target(), slice, loose(boxes, size, random), size, scale.of(size), form);
  }

  /** An answer with evidence in thousandths, as the prompt asks for it. */
  public static String text(
      String target, int slice, List<PixelBox> boxes, GridSize size, ResponseForm form) {
    return text(target, slice, boxes, size, CoordinateScale.THOUSANDTHS, form);
  }

  private static String text(
      String target,
      int slice,
      List<PixelBox> boxes,
      GridSize size,
      CoordinateScale scale,
      ResponseForm form) {
    return blocks(
        "The " + target + " is large on slice " + slice + ".",
        "[{\"slice\": "
            + slice
            + ", \"bbox_2d_list\": ["
            + boxes.stream().map(box -> box(box, scale, size)).collect(Collectors.joining(", "))
            + "]}]",
        form);
  }

  /** That the target is absent, as the prompt asks for it. */
  public static String absent(String thoughts, ResponseForm form) {
    return blocks(thoughts, "[]", form);
  }

  private static String blocks(String thoughts, String answer, ResponseForm form) {
    String think = "<think>" + thoughts + "</think>";
    String block = "<answer>" + answer + "</answer>";
    return switch (form) {
      case THINK_ANSWER -> think + block;
      case ANSWER_THINK -> block + think;
      case ANSWER_ONLY -> block;
    };
  }

  private static int any(BinaryMask target, List<Integer> shown, SplittableRandom random) {
    int largest = shown.stream().mapToInt(target::area).max().orElseThrow();
    List<Integer> good =
        shown.stream().filter(slice -> target.area(slice) >= LEAST_AREA * largest).toList();
    return good.get(random.nextInt(good.size()));
  }

  private List<PixelBox> loose(List<PixelBox> boxes, GridSize size, SplittableRandom random) {
    return boxes.stream()
        .map(
            box ->
                new PixelBox(
                    Math.max(0, box.x1() - margin(random)),
                    Math.max(0, box.y1() - margin(random)),
                    Math.min(size.columns() - 1, box.x2() + margin(random)),
                    Math.min(size.rows() - 1, box.y2() + margin(random))))
        .toList();
  }

  private int margin(SplittableRandom random) {
    return random.nextInt(config.margin() + 1);
  }

  private static String box(PixelBox box, CoordinateScale scale, GridSize size) {
    WrittenBox code = BoxCoordinates.encode(box, scale, size.columns(), size.rows());
    return "[" + code.x1() + ", " + code.y1() + ", " + code.x2() + ", " + code.y2() + "]";
  }
}
