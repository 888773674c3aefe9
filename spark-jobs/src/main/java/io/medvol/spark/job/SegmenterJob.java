package io.medvol.spark.job;

import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.volume.BinaryMask;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.segment.MeasurementReport;
import io.medvol.grpo.segment.ScanMeasurement;
import io.medvol.grpo.segment.ScanReport;
import io.medvol.grpo.segment.SegmenterBundleWriter;
import io.medvol.grpo.segment.SegmenterConfig;
import io.medvol.grpo.segment.SegmenterMeasurement;
import io.medvol.grpo.segment.SegmenterMeasurementConfig;
import io.medvol.grpo.segment.SegmenterTrainer;
import io.medvol.model.sam2.MedSam2Propagator;
import io.medvol.model.sam2.MedSam2Settings;
import io.medvol.model.sam2.Sam2ConfigReader;
import io.medvol.model.sam2.SegmenterBundle;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.ShardSlices;
import io.medvol.spark.report.MaskOverlay;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Trains the small segmenter and measures segmenters, on this machine alone. */
public final class SegmenterJob {
  private final SegmenterMeasurementConfig measurement;
  private final Progress progress;

  public SegmenterJob(SegmenterMeasurementConfig measurement, Progress progress) {
    this.measurement = measurement;
    this.progress = progress;
  }

  /**
   * Trains from a recipe, measures the result, and leaves both in {@code bundle}; the metrics of
   * the summary.
   */
  public Map<String, Object> train(SegmenterConfig recipe, OutputFolder run) {
    // A recipe gives the same weights only where no operation is split over threads.
    TorchRuntime.setIntraOpThreads(1);
    ProgressMetrics shown = new ProgressMetrics(progress, recipe.steps());
    Path checkpoint;
    try (MetricsSink metrics =
        MetricsSink.all(
            List.of(JsonLinesMetrics.open(run.storage(), run.resolve("metrics.jsonl")), shown))) {
      progress.begin("Training the segmenter");
      SegmenterTrainer trainer =
          new SegmenterTrainer(recipe, run.storage(), run.resolve("checkpoints"), metrics);
      checkpoint = Path.of(trainer.train());
    }
    MeasurementReport report;
    try (MaskPropagator segmenter =
        MedSam2Propagator.open(
            Sam2ConfigReader.read(checkpoint.resolve(SegmenterBundle.CONFIG)),
            checkpoint.resolve(SegmenterBundle.WEIGHTS),
            MedSam2Settings.DEFAULT)) {
      report = measure(segmenter, run);
    }
    SegmenterBundleWriter.write(checkpoint, recipe, report, Path.of(run.resolve("bundle")));
    Map<String, Object> summary = new LinkedHashMap<>(shown.last());
    summary.putAll(metrics(report));
    return summary;
  }

  /** Measures a segmenter; leaves {@code measurement.txt}, {@code .json} and {@code .csv}. */
  public MeasurementReport measure(MaskPropagator segmenter, OutputFolder run) {
    SegmenterMeasurement measured = new SegmenterMeasurement(measurement);
    progress.begin("Measuring on phantoms");
    MeasurementReport report =
        measured.measure(segmenter, done -> progress.update(done, measured.volumes(), ""));
    run.write("measurement.txt", report.text());
    run.write("measurement.json", report.json().toPrettyString() + "\n");
    run.write("measurement.csv", report.csv());
    progress.say(report.text());
    return report;
  }

  /**
   * Measures a segmenter on the volumes of a prepared data set; leaves {@code scans.txt}, {@code
   * scans.json}, and for each structure pictures of the prompted slice and of those a quarter of
   * the structure's extent before and behind it.
   */
  public ScanReport measureScans(MaskPropagator segmenter, ShardDataset dataset, OutputFolder run) {
    List<VrsSample> samples =
        dataset.samples().stream()
            .filter(VrsSample.class::isInstance)
            .map(VrsSample.class::cast)
            .toList();
    ScanMeasurement measured = new ScanMeasurement(new ShardSlices(dataset), samples);
    progress.begin("Measuring on " + measured.volumes() + " scans");
    ScanReport report =
        new ScanReport(
            segmenter.name(),
            measured.measure(
                segmenter,
                (volume, sample, truth, found) -> overlays(volume, sample, truth, found, run)));
    run.write("scans.txt", report.text());
    run.write("scans.json", report.json().toPrettyString() + "\n");
    progress.say(report.text());
    return report;
  }

  private static void overlays(
      OpenVolume volume, VrsSample sample, BinaryMask truth, BinaryMask found, OutputFolder run) {
    int key = sample.keySlice();
    int filled = 0;
    for (int slice = 0; slice < truth.size().slices(); slice++) {
      filled += truth.area(slice) > 0 ? 1 : 0;
    }
    for (int slice : new TreeSet<>(List.of(key - filled / 4, key, key + filled / 4))) {
      if (slice >= 0 && slice < truth.size().slices()) {
        String name = sample.volumeId() + "-" + sample.target() + "-" + slice;
        run.write(
            "overlays/" + name.replaceAll("[^A-Za-z0-9-]", "_") + ".png",
            MaskOverlay.png(
                volume, slice, truth, found, slice == key ? sample.keyBoxes() : List.of()));
      }
    }
  }

  /** The figures of a report for a summary. */
  public static Map<String, Object> metrics(MeasurementReport report) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("organ_dice", report.organDice());
    metrics.put("lesion_dice", report.lesionDice());
    metrics.values().removeIf(value -> !Double.isFinite((Double) value));
    return metrics;
  }
}
