package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.model.tiny.PolicyBundle;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.DemonstrationConfig;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.config.PolicyConfig;
import io.medvol.spark.config.PretrainConfig;
import io.medvol.spark.session.SparkScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Pretrains a tiny policy on phantoms by supervised learning, measures it on others, and leaves it
 * in {@code bundle}: what {@code quickstart} starts from, as the paper starts from a pretrained
 * Qwen. A run that was interrupted goes on from its newest checkpoint.
 */
public final class PretrainJob {
  private final SparkScope spark;
  private final EffectiveConfig<MedVolConfig> effective;
  private final MedVolConfig config;
  private final Progress progress;

  public PretrainJob(SparkScope spark, EffectiveConfig<MedVolConfig> effective, Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.effective = Objects.requireNonNull(effective, "effective");
    this.config = effective.value();
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Every setting that moves a weight; given again, it gives the same bytes. */
  record Recipe(
      PretrainConfig pretrain,
      PrepareConfig prepare,
      PolicyConfig policy,
      DemonstrationConfig demonstrations,
      SftConfig sft) {
    static String of(MedVolConfig config) {
      return new EffectiveConfig<>(
              new Recipe(
                  config.pretrain(),
                  config.prepare(),
                  config.policy(),
                  config.demonstrations(),
                  config.sft()))
          .yaml();
    }
  }

  /** Runs everything below a folder on a local disk; the metrics of its summary. */
  public Map<String, Object> run(OutputFolder run) throws IOException {
    PretrainConfig pretrain = config.pretrain();
    PhantomShards phantoms = new PhantomShards(spark, effective, progress);
    String shards = phantoms.make(run, "training", pretrain.phantoms());
    String measured =
        phantoms.make(
            run,
            "measured",
            PhantomShards.measured(pretrain.phantoms(), pretrain.measuredVolumes()));
    String fresh = run.resolve("model");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(pretrain.seed()).withPhrases(SlicePromptBuilder.fixedTexts()),
        Path.of(fresh));
    OutputFolder sft = OutputFolder.open(run.storage(), run.resolve("sft"), "pretrain", effective);
    TrainingJob.Result trained =
        new TrainingJob(spark.session(), config, shards, PolicyLocation.of(fresh), progress)
            .sft(sft);
    trained.finish();
    Map<String, Object> metrics =
        new EvaluationJob(spark.context(), config, run, progress)
            .run(measured, trained.policy())
            .metrics();
    PolicyBundle.write(
        Path.of(trained.policy().model()),
        Recipe.of(config),
        figures(metrics),
        Path.of(run.resolve("bundle")));
    return metrics;
  }

  private static Map<String, Double> figures(Map<String, Object> metrics) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String name :
        List.of(
            "eval_dice",
            "eval_box_iou",
            "eval_slice_hit",
            "eval_key_slice_hit",
            "eval_unparsable_share",
            "eval_samples")) {
      if (metrics.get(name) instanceof Number value) {
        figures.put(name, value.doubleValue());
      }
    }
    return figures;
  }
}
