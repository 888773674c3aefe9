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

/** Everything that can be configured; a command reads the groups it needs. */
public record MedVolConfig(
    PrepareConfig prepare,
    PolicyConfig policy,
    PeftConfig peft,
    RewardConfig rewards,
    PropagatorConfig propagator,
    ChoiceConfig choice,
    SampleSelection samples,
    SftConfig sft,
    GrpoConfig grpo,
    EvaluationConfig evaluation,
    MatrixConfig matrix,
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
        SampleSelection.defaults(),
        SftConfig.defaults(),
        GrpoConfig.defaults(),
        EvaluationConfig.defaults(),
        MatrixConfig.defaults(),
        QuickstartConfig.defaults(),
        PicturePhantomConfig.defaults(),
        SegmenterConfig.defaults(),
        SegmenterMeasurementConfig.defaults(),
        SparkConfig.defaults());
  }

  /** The same for other samples. */
  public MedVolConfig withSamples(SampleSelection selection) {
    return new MedVolConfig(
        prepare,
        policy,
        peft,
        rewards,
        propagator,
        choice,
        selection,
        sft,
        grpo,
        evaluation,
        matrix,
        quickstart,
        pictures,
        segmenter,
        segmenterMeasurement,
        spark);
  }
}
