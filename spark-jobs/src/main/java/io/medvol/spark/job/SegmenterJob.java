package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.segment.MeasurementReport;
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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
          new SegmenterTrainer(
              recipe,
              new EffectiveConfig<>(recipe).digest(),
              run.storage(),
              run.resolve("checkpoints"),
              metrics);
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

  /** The figures of a report for a summary. */
  public static Map<String, Object> metrics(MeasurementReport report) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("organ_dice", report.organDice());
    metrics.put("lesion_dice", report.lesionDice());
    metrics.values().removeIf(value -> !Double.isFinite((Double) value));
    return metrics;
  }
}
