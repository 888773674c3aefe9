package io.medvol.spark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.shard.SampleSelection;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.SplitPart;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.evaluation.ChoiceAccuracy;
import io.medvol.grpo.evaluation.EvaluationReport;
import io.medvol.model.directory.ModelDigests;
import io.medvol.reward.metric.ConfidenceInterval;
import io.medvol.spark.config.MatrixConfig;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.LocalModels;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.session.SparkScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Trains a policy on each group of questions and tests it on all, as Med-R1's tables do (arXiv
 * 2503.13939): modality by modality, type by type. Training takes the training part of a group,
 * tests the test part of every group. Each row is a run directory of its own; a row that is done is
 * kept, so that the command goes on where it was interrupted.
 */
public final class MatrixJob {
  /** The row of the model as it was given. */
  public static final String UNTRAINED = "(untrained)";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROW = "row.json";
  private static final int MAX_ROW_BYTES = 1 << 20;

  private final SparkScope spark;
  private final EffectiveConfig<MedVolConfig> effective;
  private final MedVolConfig config;
  private final Progress progress;

  public MatrixJob(SparkScope spark, EffectiveConfig<MedVolConfig> effective, Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.effective = Objects.requireNonNull(effective, "effective");
    this.config = effective.value();
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** What makes a row the same row. */
  private record RowIdentity(
      String trainedOn,
      MatrixConfig matrix,
      Record sft,
      Record grpo,
      Record evaluation,
      Record choice,
      SampleSelection samples,
      Record policy,
      Record peft,
      String model,
      String dataDigest) {}

  /**
   * Writes {@code matrix.csv}, {@code cells.csv} and {@code matrix.svg} below the run.
   *
   * @return the metrics of the summary
   * @throws MedVolException (INVALID_INPUT) if the data set holds no multiple-choice question
   */
  public Map<String, Object> run(MatrixBy by, String shards, PolicyLocation model, OutputFolder run)
      throws IOException {
    ShardDataset dataset = ShardDataset.open(Storages.here(shards), shards);
    List<String> groups =
        dataset.samples().stream()
            .filter(ChoiceSample.class::isInstance)
            .map(sample -> by.group((ChoiceSample) sample))
            .distinct()
            .sorted()
            .toList();
    if (groups.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Data set " + shards + " holds no multiple-choice questions, which a matrix is about.");
    }
    Rows work = new Rows(by, shards, model, dataset.manifest().digest(), digest(model), run);
    List<AccuracyMatrix.Row> rows = new ArrayList<>();
    rows.add(work.row(UNTRAINED));
    for (String group : groups) {
      rows.add(work.row(group));
    }
    AccuracyMatrix matrix = new AccuracyMatrix(rows);
    run.write("matrix.csv", matrix.csv());
    run.write("cells.csv", matrix.cellsCsv());
    run.write(
        "matrix.svg",
        matrix.heatMap("Accuracy in per cent, by " + by.name().toLowerCase(Locale.ROOT)).svg());
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (AccuracyMatrix.Row row : rows) {
      Map<String, Object> cells = new LinkedHashMap<>();
      row.cells().forEach((column, cell) -> cells.put(column, cell.accuracy()));
      metrics.put(row.trainedOn(), cells);
    }
    return metrics;
  }

  /** Of the files themselves: they may be replaced between two calls. */
  private static String digest(PolicyLocation model) {
    return ModelDigests.of(LocalModels.of(model.model())).digest()
        + model.adapter().map(path -> ModelDigests.of(LocalModels.of(path)).digest()).orElse("");
  }

  /** Makes the rows of one matrix. */
  private final class Rows {
    private final MatrixBy by;
    private final String shards;
    private final PolicyLocation model;
    private final String dataDigest;
    private final String modelDigest;
    private final OutputFolder run;

    private Rows(
        MatrixBy by,
        String shards,
        PolicyLocation model,
        String dataDigest,
        String modelDigest,
        OutputFolder run) {
      this.by = by;
      this.shards = shards;
      this.model = model;
      this.dataDigest = dataDigest;
      this.modelDigest = modelDigest;
      this.run = run;
    }

    private AccuracyMatrix.Row row(String group) throws IOException {
      boolean trained = !group.equals(UNTRAINED);
      SampleSelection training = config.samples().withPart(SplitPart.TRAIN);
      SampleSelection own = trained ? by.only(training, group) : training;
      String identity =
          new EffectiveConfig<>(
                  new RowIdentity(
                      group,
                      config.matrix(),
                      config.sft(),
                      config.grpo(),
                      config.evaluation(),
                      config.choice(),
                      own,
                      config.policy(),
                      config.peft(),
                      modelDigest,
                      dataDigest))
              .digest();
      OutputFolder folder = below(run, "rows/" + slug(group));
      AccuracyMatrix.Row done = done(folder, identity);
      if (done != null) {
        progress.begin("Row " + group + " is done");
        return done;
      }
      PolicyLocation policy = model;
      if (trained) {
        for (MatrixConfig.Stage stage : config.matrix().stages()) {
          policy = train(stage, own, policy, folder);
        }
      }
      AccuracyMatrix.Row row = new AccuracyMatrix.Row(identity, group, test(policy));
      folder.write(ROW, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(row));
      return row;
    }

    private PolicyLocation train(
        MatrixConfig.Stage stage,
        SampleSelection samples,
        PolicyLocation policy,
        OutputFolder folder) {
      String name = stage.name().toLowerCase(Locale.ROOT);
      OutputFolder stageRun = below(folder, name);
      TrainingJob job =
          new TrainingJob(spark.session(), config.withSamples(samples), shards, policy, progress);
      TrainingJob.Result result =
          switch (stage) {
            case SFT -> job.sft(stageRun);
            case GRPO -> job.grpo(stageRun);
          };
      result.finish();
      return result.policy();
    }

    private Map<String, AccuracyMatrix.Cell> test(PolicyLocation policy) {
      MedVolConfig held = config.withSamples(config.samples().withPart(SplitPart.TEST));
      EvaluationReport report =
          new EvaluationJob(spark.context(), held, run, progress).run(shards, policy);
      report.requireMeasured();
      ChoiceAccuracy accuracy = ChoiceAccuracy.of(report.outcomes());
      Map<String, AccuracyMatrix.Cell> cells = new LinkedHashMap<>();
      accuracy
          .by(by::group)
          .forEach(
              (name, part) -> {
                ConfidenceInterval interval = part.overall();
                cells.put(
                    name,
                    new AccuracyMatrix.Cell(
                        interval.mean(), interval.low(), interval.high(), part.correct().size()));
              });
      return cells;
    }
  }

  /** The row as it was written by the same command; null if there is none. */
  private static AccuracyMatrix.Row done(OutputFolder folder, String identity) throws IOException {
    String path = folder.resolve(ROW);
    if (!folder.storage().exists(path)) {
      return null;
    }
    try {
      AccuracyMatrix.Row row =
          JSON.readValue(folder.storage().readAll(path, MAX_ROW_BYTES), AccuracyMatrix.Row.class);
      return identity.equals(row.identity()) ? row : null;
    } catch (JsonProcessingException e) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Row " + path + " cannot be read (" + e.getOriginalMessage() + "); delete it.",
          e);
    }
  }

  private OutputFolder below(OutputFolder folder, String name) {
    return OutputFolder.open(
        folder.storage(), Storage.join(folder.path(), name), "matrix", effective);
  }

  private static String slug(String group) {
    String slug = group.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.replaceAll("^-|-$", "");
  }
}
