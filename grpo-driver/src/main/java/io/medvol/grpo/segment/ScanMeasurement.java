package io.medvol.grpo.segment;

import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SliceSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures a propagator on prepared scans: each structure of each scan once, from the ground-truth
 * boxes on its key slice through the whole volume, beside ellipses drawn in the boxes. A prompt
 * that fails counts as an empty mask.
 */
public final class ScanMeasurement {
  /**
   * One structure of one scan.
   *
   * @param keyDice on the prompted slice
   * @param ellipseKeyDice of ellipses in the boxes, there
   * @param extentDice of the ellipses on the slices from the structure's first to its last
   */
  public record Row(
      String volume,
      String target,
      int boxes,
      int voxels,
      double keyDice,
      double dice,
      double ellipseKeyDice,
      double extentDice) {}

  /** Sees each structure that was measured. */
  @FunctionalInterface
  public interface Watcher {
    void measured(OpenVolume volume, VrsSample sample, BinaryMask truth, BinaryMask found);
  }

  private final SliceSource source;
  private final Map<String, List<VrsSample>> byVolume = new LinkedHashMap<>();

  /**
   * @param source of the volumes the samples are about
   * @param samples of which those without the structure are left out
   */
  public ScanMeasurement(SliceSource source, List<VrsSample> samples) {
    this.source = Objects.requireNonNull(source, "source");
    for (VrsSample sample : samples) {
      List<VrsSample> own =
          byVolume.computeIfAbsent(sample.volumeId(), volume -> new ArrayList<>());
      boolean known = own.stream().anyMatch(other -> other.target().equals(sample.target()));
      if (sample.key().isPresent() && !known) {
        own.add(sample);
      }
    }
    byVolume.values().removeIf(List::isEmpty);
  }

  /** Volumes in all. */
  public int volumes() {
    return byVolume.size();
  }

  /** Rows by volume, in the order of the samples. */
  public List<Row> measure(MaskPropagator propagator, Watcher watcher) {
    List<Row> rows = new ArrayList<>();
    byVolume.forEach(
        (volume, samples) -> {
          try (OpenVolume open = source.open(volume)) {
            measure(open, samples, propagator, watcher, rows);
          }
        });
    return rows;
  }

  private static void measure(
      OpenVolume volume,
      List<VrsSample> samples,
      MaskPropagator propagator,
      Watcher watcher,
      List<Row> rows) {
    GridSize size = volume.size();
    List<EvidencePrompt> prompts = new ArrayList<>();
    for (VrsSample sample : samples) {
      prompts.add(
          new EvidencePrompt(sample.keySlice(), edges(sample.keyBoxes()), 0, size.slices() - 1));
    }
    List<Propagation> results = propagator.propagate(volume.ct(), prompts);
    for (int i = 0; i < samples.size(); i++) {
      VrsSample sample = samples.get(i);
      BinaryMask truth = volume.mask(sample.labels());
      BinaryMask found =
          results.get(i) instanceof Propagation.Mask mask ? mask.mask() : BinaryMask.empty(size);
      BinaryMask ellipses = ellipses(truth, prompts.get(i).boxes());
      int key = sample.keySlice();
      rows.add(
          new Row(
              sample.volumeId(),
              sample.target(),
              sample.keyBoxes().size(),
              truth.count(),
              keyDice(truth, found, key),
              Overlap.of(truth, found).dice(),
              keyDice(truth, ellipses, key),
              Overlap.of(truth, ellipses).dice()));
      watcher.measured(volume, sample, truth, found);
    }
  }

  private static List<EdgeBox> edges(List<PixelBox> boxes) {
    return boxes.stream()
        .map(box -> new EdgeBox(box.x1(), box.y1(), box.x2() + 1, box.y2() + 1))
        .toList();
  }

  private static BinaryMask ellipses(BinaryMask truth, List<EdgeBox> boxes) {
    int first = 0;
    while (truth.area(first) == 0) {
      first++;
    }
    int last = truth.size().slices() - 1;
    while (truth.area(last) == 0) {
      last--;
    }
    BinaryMask union = BinaryMask.empty(truth.size());
    for (EdgeBox box : boxes) {
      union = union.union(BoxEllipse.of(truth.size(), box, first, last));
    }
    return union;
  }

  private static double keyDice(BinaryMask truth, BinaryMask found, int key) {
    return Overlap.of(truth.restrictedTo(key, key), found.restrictedTo(key, key)).dice();
  }
}
