package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.GridSize;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.evaluation.EvaluationReport;
import io.medvol.grpo.evaluation.LearningTable;
import io.medvol.model.tiny.PolicyBundle;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.DemonstrationConfig;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.config.QuickstartConfig;
import io.medvol.spark.report.MetricsFile;
import io.medvol.spark.report.Report;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.table.EvaluationTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * The whole way round on phantoms: scans, shards, a tiny policy, supervised cold start, GRPO, what
 * GRPO has to be compared with, evaluation of all on phantoms that were held out, and a report.
 * Every part is the one a real run uses.
 */
public final class QuickstartJob {
  private static final List<List<String>> DIFFERENCES =
      List.of(List.of("grpo", "sft"), List.of("grpo", "continued-sft"), List.of("grpo", "blind"));

  private static final String TRAINING = "training";
  private static final String HELD_OUT = "held-out";
  private static final String FEATURES = "features";

  private final SparkScope spark;
  private final EffectiveConfig<MedVolConfig> effective;
  private final MedVolConfig config;
  private final OutputFolder run;
  private final Progress progress;

  /**
   * @param run folder on a local disk, for everything the run leaves behind
   */
  public QuickstartJob(
      SparkScope spark,
      EffectiveConfig<MedVolConfig> effective,
      OutputFolder run,
      Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.effective = Objects.requireNonNull(effective, "effective");
    MedVolConfig given = effective.value();
    // Two trainings and five evaluations ask the frozen network about the same slices.
    this.config = given.withPropagator(given.propagator().orCacheFolder(run.resolve(FEATURES)));
    this.run = run;
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Runs everything; the metrics of its summary. */
  public Map<String, Object> run() throws IOException {
    QuickstartConfig quickstart = config.quickstart();
    PhantomConfig phantoms = quickstart.phantoms();
    PhantomShards data = new PhantomShards(spark, effective, progress);
    String trainingShards = data.make(run, TRAINING, phantoms);
    String heldOutShards =
        data.make(run, HELD_OUT, PhantomShards.measured(phantoms, quickstart.heldOutVolumes()));
    PolicyLocation base = base();

    OutputFolder sftRun = below("sft");
    TrainingJob.Result sft = sft(sftRun, config.sft(), trainingShards, base);
    OutputFolder grpoRun = below("grpo");
    TrainingJob.Result grpo = grpo(grpoRun, trainingShards, sft.policy());
    SftConfig longer = config.sft().withSteps(continued(sftRun, grpoRun));
    TrainingJob.Result continued =
        sft(below("continued-sft"), longer, trainingShards, sft.policy());
    TrainingJob.Result grpoOnly = grpo(below("grpo-only"), trainingShards, base);

    List<LearningTable.Row> rows = new ArrayList<>();
    EvaluationJob evaluation =
        new EvaluationJob(
            spark.context(), config.withEvaluation(config.evaluation().greedy()), run, progress);
    BlindAnswers blind =
        new BlindAnswers(
            ShardDataset.open(run.storage(), trainingShards),
            new GridSize(phantoms.slices(), phantoms.rows(), phantoms.columns()),
            config.rewards().responseForm());
    rows.add(row("blind", "blind constant answer", evaluation.run(heldOutShards, blind)));
    rows.add(row("base", baseTitle(), evaluation.run(heldOutShards, base)));
    rows.add(row("sft", "SFT", evaluation.run(heldOutShards, sft.policy())));
    rows.add(
        row(
            "continued-sft",
            "SFT + continued SFT for GRPO's time",
            evaluation.run(heldOutShards, continued.policy())));
    rows.add(row("grpo-only", "GRPO only", evaluation.run(heldOutShards, grpoOnly.policy())));
    EvaluationJob whole = new EvaluationJob(spark.context(), config, run, progress);
    rows.add(row("grpo", "SFT + GRPO", whole.run(heldOutShards, grpo.policy())));
    LearningTable table = new LearningTable(rows);

    EvaluationTable.write(
        run.storage(), run.resolve("evaluation"), rows.get(rows.size() - 1).outcomes());
    Report.write(
        run.storage(),
        run.resolve("report"),
        new Report.Content(
            sftRun.resolve(TrainingJob.METRICS),
            grpoRun.resolve(TrainingJob.METRICS),
            rows.stream()
                .map(row -> new Report.Stage(row.title(), new EvaluationReport(row.outcomes())))
                .toList(),
            heldOutShards,
            effective));
    Map<String, Object> metrics = new LinkedHashMap<>(learned(table));
    rows.forEach(row -> metrics.put(row.title(), new EvaluationReport(row.outcomes()).metrics()));
    metrics.put("grpo", grpo.metrics());
    run.storage().delete(run.resolve(FEATURES));
    return metrics;
  }

  /** Shows the table; the same for the summary. */
  private Map<String, Object> learned(LearningTable table) {
    StringBuilder text = new StringBuilder(table.text());
    for (List<String> pair : DIFFERENCES) {
      text.append(pair.get(0))
          .append(" - ")
          .append(pair.get(1))
          .append(": Dice ")
          .append(LearningTable.text(table.difference(pair.get(0), pair.get(1))))
          .append('\n');
    }
    Map<String, Object> spreads = new LinkedHashMap<>();
    table
        .spread("grpo")
        .forEach(
            (target, spread) -> {
              text.append(
                  String.format(
                      Locale.ROOT,
                      "key slice of %s: standard deviation %.2f (truth %.2f), correlation %.2f%n",
                      target,
                      spread.answered(),
                      spread.expected(),
                      spread.correlation()));
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("std", spread.answered());
              one.put("truth-std", spread.expected());
              one.put("correlation", spread.correlation());
              spreads.put(target, one);
            });
    text.append(imperfections(config.demonstrations()));
    run.write("table.txt", text.toString());
    progress.say("");
    progress.say(text.toString());
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("dice", table.dice(DIFFERENCES));
    Map<String, Object> measures = new LinkedHashMap<>();
    table.rows().forEach(row -> measures.put(row.key(), table.measures(row)));
    metrics.put("measures", measures);
    metrics.put("key-slice-spread", spreads);
    return metrics;
  }

  private static String imperfections(DemonstrationConfig demonstrations) {
    List<String> flaws = new ArrayList<>();
    if (demonstrations.slice() == DemonstrationConfig.SliceRule.ANY) {
      flaws.add("any slice with a quarter of the target's largest area for the key slice");
    }
    if (demonstrations.margin() > 0) {
      flaws.add("boxes up to " + demonstrations.margin() + " pixels too wide on each side");
    }
    return flaws.isEmpty()
        ? ""
        : "The demonstrations of SFT are imperfect on purpose: " + String.join(", ", flaws) + ".\n";
  }

  private PolicyLocation base() throws IOException {
    String base = config.quickstart().base();
    Path folder = Path.of(run.resolve("model"));
    switch (base) {
      case QuickstartConfig.BUNDLE -> PolicyBundle.unpack(folder);
      case QuickstartConfig.UNTRAINED ->
          TinyQwen3Vl.write(
              TinyPolicyConfig.defaults(config.quickstart().phantoms().seed())
                  .withPhrases(SlicePromptBuilder.fixedTexts()),
              folder);
      default -> {
        return PolicyLocation.of(Path.of(base).toAbsolutePath().toString());
      }
    }
    return PolicyLocation.of(folder.toString());
  }

  private String baseTitle() {
    return config.quickstart().base().equals(QuickstartConfig.UNTRAINED)
        ? "untrained"
        : "base policy";
  }

  /**
   * Updates of SFT that take as much processor time as the steps of GRPO took: wall time would
   * depend on what else the machine had to do. The first half warms up and is left out.
   */
  private static int continued(OutputFolder sft, OutputFolder grpo) throws IOException {
    double[] updates = seconds(sft);
    double[] warm = Arrays.copyOfRange(updates, updates.length / 2, updates.length);
    Arrays.sort(warm);
    return (int)
        Math.max(1, Math.round(DoubleStream.of(seconds(grpo)).sum() / warm[warm.length / 2]));
  }

  /** Processor time of each step; what it took by the clock where the system does not tell. */
  private static double[] seconds(OutputFolder run) throws IOException {
    MetricsFile metrics = MetricsFile.read(run.storage(), run.resolve(TrainingJob.METRICS));
    List<double[]> cpu = metrics.curve(TimedMetrics.CPU_SECONDS);
    return (cpu.isEmpty() ? metrics.curve("step_time") : cpu)
        .stream().mapToDouble(point -> point[1]).toArray();
  }

  private TrainingJob.Result sft(
      OutputFolder folder, SftConfig settings, String shards, PolicyLocation policy) {
    TrainingJob.Result result =
        new TrainingJob(spark.session(), config.withSft(settings), shards, policy, progress)
            .sft(folder);
    result.finish();
    return result;
  }

  private TrainingJob.Result grpo(OutputFolder folder, String shards, PolicyLocation policy) {
    TrainingJob.Result result =
        new TrainingJob(spark.session(), config, shards, policy, progress).grpo(folder);
    result.finish();
    return result;
  }

  private static LearningTable.Row row(String key, String title, EvaluationReport report) {
    report.requireMeasured();
    return new LearningTable.Row(key, title, report.outcomes());
  }

  private OutputFolder below(String name) {
    return OutputFolder.open(run.storage(), Storage.join(run.path(), name), name, effective);
  }
}
