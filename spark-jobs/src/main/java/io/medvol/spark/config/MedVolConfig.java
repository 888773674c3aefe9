package io.medvol.spark.config;

import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.phantom.picture.PicturePhantomConfig;
import io.medvol.data.shard.SampleSelection;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.config.PeftConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.segment.SegmenterConfig;
import io.medvol.grpo.segment.SegmenterMeasurementConfig;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.choice.ChoiceConfig;
import io.medvol.rollout.prompt.DemonstrationConfig;

/** Everything that can be configured; a command reads the groups it needs. */
public record MedVolConfig(
    PrepareConfig prepare,
    PolicyConfig policy,
    PeftConfig peft,
    RewardConfig rewards,
    PropagatorConfig propagator,
    ChoiceConfig choice,
    DemonstrationConfig demonstrations,
    SampleSelection samples,
    SftConfig sft,
    GrpoConfig grpo,
    EvaluationConfig evaluation,
    MatrixConfig matrix,
    AblationConfig ablation,
    PretrainConfig pretrain,
    QuickstartConfig quickstart,
    PicturePhantomConfig pictures,
    SegmenterConfig segmenter,
    SegmenterMeasurementConfig segmenterMeasurement,
    SparkConfig spark) {
  public static MedVolConfig defaults() {
    return new MedVolConfig(
        PrepareConfig.defaults(),
        PolicyConfig.defaults(),
        PeftConfig.defaults(),
        RewardConfig.defaults(),
        PropagatorConfig.defaults(),
        ChoiceConfig.defaults(),
        DemonstrationConfig.defaults(),
        SampleSelection.defaults(),
        SftConfig.defaults(),
        GrpoConfig.defaults(),
        EvaluationConfig.defaults(),
        MatrixConfig.defaults(),
        AblationConfig.defaults(),
        PretrainConfig.defaults(),
        QuickstartConfig.defaults(),
        PicturePhantomConfig.defaults(),
        SegmenterConfig.defaults(),
        SegmenterMeasurementConfig.defaults(),
        SparkConfig.defaults());
  }

  /** The same with other supervised settings. */
  public MedVolConfig withSft(SftConfig other) {
    return with(propagator, samples, other, grpo, evaluation);
  }

  /** The same with other settings of GRPO. */
  public MedVolConfig withGrpo(GrpoConfig other) {
    return with(propagator, samples, sft, other, evaluation);
  }

  /** The same for other samples. */
  public MedVolConfig withSamples(SampleSelection selection) {
    return with(propagator, selection, sft, grpo, evaluation);
  }

  /** The same with another evaluation. */
  public MedVolConfig withEvaluation(EvaluationConfig other) {
    return with(propagator, samples, sft, grpo, other);
  }

  /** The same with another propagator. */
  public MedVolConfig withPropagator(PropagatorConfig other) {
    return with(other, samples, sft, grpo, evaluation);
  }

  private MedVolConfig with(
      PropagatorConfig otherPropagator,
      SampleSelection otherSamples,
      SftConfig otherSft,
      GrpoConfig otherGrpo,
      EvaluationConfig otherEvaluation) {
    return new MedVolConfig(
        prepare,
        policy,
        peft,
        rewards,
        otherPropagator,
        choice,
        demonstrations,
        otherSamples,
        otherSft,
        otherGrpo,
        otherEvaluation,
        matrix,
        ablation,
        pretrain,
        quickstart,
        pictures,
        segmenter,
        segmenterMeasurement,
        spark);
  }
}
