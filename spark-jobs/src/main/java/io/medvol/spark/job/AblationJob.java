package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.evaluation.LearningTable;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.session.SparkScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Trains a policy once for each variant of the settings, supervised and by GRPO, and tests all on
 * the same held-out questions, as MedVol-R1's table of ablations does (arXiv 2605.26621). Variants
 * that are taught alike share one cold start; what is done is kept, so that the command goes on
 * where it was interrupted.
 */
public final class AblationJob {
  private final SparkScope spark;
  private final Progress progress;

  public AblationJob(SparkScope spark, Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** What a cold start depends on, besides model and data. */
  private record Taught(
      Record sft,
      Record demonstrations,
      Record peft,
      Record policy,
      Record samples,
      String form,
      String choiceForm) {}

  /**
   * Writes {@code ablation.txt} and {@code ablation.csv} below the run.
   *
   * @param variants the settings of each by its name, in the order of the table
   * @return the metrics of the summary
   */
  public Map<String, Object> run(
      Map<String, EffectiveConfig<MedVolConfig>> variants,
      String shards,
      String heldOut,
      PolicyLocation model,
      OutputFolder run) {
    List<LearningTable.Row> rows = new ArrayList<>();
    // By the first variant of its kind: the others differ in what supervised training never reads.
    Map<String, PolicyLocation> starts = new HashMap<>();
    variants.forEach(
        (name, effective) -> {
          MedVolConfig config = effective.value();
          PolicyLocation start =
              starts.computeIfAbsent(
                  taught(config),
                  key -> coldStart(below(run, "sft-" + key, effective), config, shards, model));
          OutputFolder grpoRun = below(run, "variants/" + slug(name), effective);
          TrainingJob.Result grpo =
              new TrainingJob(spark.session(), config, shards, start, progress).grpo(grpoRun);
          grpo.finish();
          rows.add(
              new LearningTable.Row(
                  slug(name),
                  name,
                  new EvaluationJob(spark.context(), config, grpoRun, progress)
                      .run(heldOut, grpo.policy())
                      .outcomes()));
        });
    LearningTable table = new LearningTable(rows);
    run.write("ablation.txt", table.text());
    run.write("ablation.csv", csv(table));
    progress.say("");
    progress.say(table.text());
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("dice", table.dice(List.of()));
    Map<String, Object> measures = new LinkedHashMap<>();
    rows.forEach(row -> measures.put(row.key(), table.measures(row)));
    metrics.put("measures", measures);
    return metrics;
  }

  private PolicyLocation coldStart(
      OutputFolder run, MedVolConfig config, String shards, PolicyLocation model) {
    TrainingJob.Result sft =
        new TrainingJob(spark.session(), config, shards, model, progress).sft(run);
    sft.finish();
    return sft.policy();
  }

  /** Names the cold start of a variant: those of one name share it. */
  static String taught(MedVolConfig config) {
    Taught taught =
        new Taught(
            config.sft(),
            config.demonstrations(),
            config.peft(),
            config.policy(),
            config.samples(),
            config.rewards().responseForm().name(),
            config.choice().responseForm().name());
    return new EffectiveConfig<>(taught).digest().substring(0, 12);
  }

  private static String csv(LearningTable table) {
    StringBuilder csv =
        new StringBuilder(
            "variant,dice,ci95_low,ci95_high,key_slice_hit,box_iou,failure_rate,reward\r\n");
    for (LearningTable.Row row : table.rows()) {
      Map<String, Double> measures = table.measures(row);
      csv.append('"').append(row.title().replace("\"", "\"\"")).append('"');
      List<Double> values = new ArrayList<>();
      values.add(table.dice(row).mean());
      values.add(table.dice(row).low());
      values.add(table.dice(row).high());
      values.addAll(measures.values());
      values.forEach(
          value ->
              csv.append(Double.isNaN(value) ? "," : String.format(Locale.ROOT, ",%.6f", value)));
      csv.append("\r\n");
    }
    return csv.toString();
  }

  private static OutputFolder below(
      OutputFolder run, String name, EffectiveConfig<MedVolConfig> effective) {
    return OutputFolder.open(run.storage(), Storage.join(run.path(), name), "ablate", effective);
  }

  private static String slug(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
