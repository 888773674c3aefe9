package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.Storage;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.config.QuickstartConfig;
import io.medvol.spark.report.Report;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.table.EvaluationTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The whole way round on phantoms: scans, shards, a tiny model, supervised cold start, GRPO,
 * evaluation on phantoms that were held out, and a report. Every part is the one a real run uses.
 */
public final class QuickstartJob {
  /** Keeps held-out phantoms apart from those trained on. */
  private static final long HELD_OUT_SEED_OFFSET = 1_000_003;

  private static final String TRAINING = "training";
  private static final String HELD_OUT = "held-out";

  private final SparkScope spark;
  private final EffectiveConfig<MedVolConfig> effective;
  private final MedVolConfig config;
  private final Progress progress;

  public QuickstartJob(
      SparkScope spark, EffectiveConfig<MedVolConfig> effective, Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.effective = Objects.requireNonNull(effective, "effective");
    this.config = effective.value();
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Runs everything below a folder on a local disk; the metrics of its summary. */
  public Map<String, Object> run(OutputFolder run) throws IOException {
    QuickstartConfig quickstart = config.quickstart();
    PhantomConfig phantoms = quickstart.phantoms();
    String trainingShards = shards(run, TRAINING, phantoms);
    String heldOutShards = shards(run, HELD_OUT, heldOut(quickstart));
    String base = run.resolve("model");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(phantoms.seed()).withPhrases(SlicePromptBuilder.fixedTexts()),
        Path.of(base));
    PolicyLocation model = PolicyLocation.of(base);

    OutputFolder sftRun = below(run, "sft");
    TrainingJob.Result sft = training(trainingShards, model).sft(sftRun);
    sftRun.finish(sft.metrics());
    OutputFolder grpoRun = below(run, "grpo");
    TrainingJob.Result grpo = training(trainingShards, sft.policy()).grpo(grpoRun);
    grpoRun.finish(grpo.metrics());

    List<Report.Stage> stages = new ArrayList<>();
    stages.add(stage("Untrained", heldOutShards, model));
    stages.add(stage("SFT", heldOutShards, sft.policy()));
    stages.add(stage("SFT + GRPO", heldOutShards, grpo.policy()));
    EvaluationTable.write(
        spark.session(),
        run.resolve("evaluation"),
        stages.get(stages.size() - 1).evaluation().outcomes());
    Report.write(
        run.storage(),
        run.resolve("report"),
        new Report.Content(
            sftRun.resolve(TrainingJob.METRICS),
            grpoRun.resolve(TrainingJob.METRICS),
            stages,
            heldOutShards,
            effective));
    Map<String, Object> metrics = new LinkedHashMap<>();
    stages.forEach(stage -> metrics.put(stage.name(), stage.evaluation().metrics()));
    metrics.put("grpo", grpo.metrics());
    return metrics;
  }

  private static PhantomConfig heldOut(QuickstartConfig quickstart) {
    PhantomConfig like = quickstart.phantoms();
    return new PhantomConfig(
        quickstart.heldOutVolumes(),
        like.seed() + HELD_OUT_SEED_OFFSET,
        like.slices(),
        like.rows(),
        like.columns(),
        like.centreJitter(),
        like.noise(),
        like.lesionShare());
  }

  private String shards(OutputFolder run, String name, PhantomConfig phantoms) throws IOException {
    String scans = run.resolve("scans/" + name);
    String shards = run.resolve("shards/" + name);
    progress.begin("Making " + phantoms.volumes() + " phantoms (" + name + ")");
    PhantomFolder.write(run.storage(), scans, phantoms);
    OutputFolder output = OutputFolder.open(run.storage(), shards, "prepare", effective);
    PrepareConfig prepare = config.prepare();
    PrepareJob.Result result =
        new PrepareJob(spark.session(), prepare, progress).run(scans, output);
    output.finish(result.metrics());
    return shards;
  }

  private TrainingJob training(String shards, PolicyLocation policy) {
    return new TrainingJob(spark.session(), config, shards, policy, progress);
  }

  private Report.Stage stage(String name, String shards, PolicyLocation policy) {
    return new Report.Stage(
        name, new EvaluationJob(spark.context(), config, progress).run(shards, policy));
  }

  private OutputFolder below(OutputFolder run, String name) {
    return OutputFolder.open(run.storage(), Storage.join(run.path(), name), name, effective);
  }
}
