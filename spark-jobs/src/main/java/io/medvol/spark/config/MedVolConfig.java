package io.medvol.spark.config;

import io.medvol.data.dataset.PrepareConfig;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.config.PeftConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.reward.RewardConfig;

/** Everything that can be configured; a command reads the groups it needs. */
public record MedVolConfig(
    PrepareConfig prepare,
    PolicyConfig policy,
    PeftConfig peft,
    RewardConfig rewards,
    PropagatorConfig propagator,
    SftConfig sft,
    GrpoConfig grpo,
    EvaluationConfig evaluation,
    QuickstartConfig quickstart,
    SparkConfig spark) {
  public static MedVolConfig defaults() {
    return new MedVolConfig(
        PrepareConfig.defaults(),
        PolicyConfig.defaults(),
        PeftConfig.defaults(),
        RewardConfig.defaults(),
        PropagatorConfig.defaults(),
        SftConfig.defaults(),
        GrpoConfig.defaults(),
        EvaluationConfig.defaults(),
        QuickstartConfig.defaults(),
        SparkConfig.defaults());
  }
}
