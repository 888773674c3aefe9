package io.medvol.reward.localisation;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.response.CoordinateScale;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the answers to one question are compared with: the expert's mask and what follows from it.
 * Made where it is used, and never sent. Thread-safe.
 */
public final class GroundTruth {
  private final VrsSample sample;
  private final CoordinateScale scale;
  private final BinaryMask target;
  private final Set<Integer> shownSlices;
  private final BoxRule boxRule;
  private final List<PixelBox> keyBoxes;
  private final int[] areas;
  private final int largestArea;
  private final ConcurrentHashMap<Integer, List<PixelBox>> boxes = new ConcurrentHashMap<>();

  /**
   * @param target the expert's mask on the grid of the volume; empty if the target is absent
   * @param shownSlices canonical indices of the slices the policy sees
   * @param boxRule how ground-truth boxes are drawn
   * @param keyBoxes boxes of the key slice, used by the paper modes; empty if the target is absent
   */
  public GroundTruth(
      BinaryMask target, List<Integer> shownSlices, BoxRule boxRule, List<PixelBox> keyBoxes) {
    this(null, target, CoordinateScale.THOUSANDTHS, shownSlices, boxRule, keyBoxes);
  }

  private GroundTruth(
      VrsSample sample,
      BinaryMask target,
      CoordinateScale scale,
      List<Integer> shownSlices,
      BoxRule boxRule,
      List<PixelBox> keyBoxes) {
    this.sample = sample;
    this.scale = Objects.requireNonNull(scale, "scale");
    this.target = Objects.requireNonNull(target, "target");
    this.shownSlices = new LinkedHashSet<>(shownSlices);
    this.boxRule = Objects.requireNonNull(boxRule, "boxRule");
    this.keyBoxes = List.copyOf(keyBoxes);
    this.areas = new int[target.size().slices()];
    Arrays.setAll(areas, target::area);
    this.largestArea = Arrays.stream(areas).max().orElse(0);
  }

  /** With answers in thousandths. */
  public static GroundTruth of(VrsSample sample, BinaryMask target) {
    return of(sample, target, CoordinateScale.THOUSANDTHS);
  }

  /**
   * @param scale of the coordinates in answers
   */
  public static GroundTruth of(VrsSample sample, BinaryMask target, CoordinateScale scale) {
    return new GroundTruth(
        sample, target, scale, sample.shownSlices(), sample.boxRule(), sample.keyBoxes());
  }

  /** Of the coordinates in answers. */
  public CoordinateScale scale() {
    return scale;
  }

  /** The question, where this was made from one. */
  public Optional<VrsSample> sample() {
    return Optional.ofNullable(sample);
  }

  public BinaryMask target() {
    return target;
  }

  public GridSize size() {
    return target.size();
  }

  /** Whether the target is anywhere in the volume. */
  public boolean present() {
    return largestArea > 0;
  }

  /** Pixels of the target on a slice. */
  public int area(int slice) {
    return areas[slice];
  }

  /** Pixels of the target on the slice that has most of it. */
  public int largestArea() {
    return largestArea;
  }

  /** Pixels of the target on the slice between two, inclusive, that has most of it. */
  int largestArea(int first, int last) {
    return Arrays.stream(areas, first, last + 1).max().orElse(0);
  }

  /** Ground-truth boxes of a slice, empty where the target is not on it. */
  public List<PixelBox> boxes(int slice) {
    return boxes.computeIfAbsent(slice, z -> GroundTruthBoxes.of(target, z, boxRule));
  }

  Set<Integer> shownSlices() {
    return shownSlices;
  }

  List<PixelBox> keyBoxes() {
    return keyBoxes;
  }
}
