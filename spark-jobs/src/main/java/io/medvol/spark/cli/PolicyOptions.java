package io.medvol.spark.cli;

import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.PolicyLocation;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name a policy. */
final class PolicyOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model, in the layout of the Hugging Face hub.")
  private String model;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "Folder of an adapter of the model, such as a checkpoint of LoRA training.")
  private String adapter;

  PolicyLocation location() {
    return new PolicyLocation(
        Storages.absolute(model), Optional.ofNullable(adapter).map(Storages::absolute));
  }
}
