package io.medvol.spark.cli;

import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.TrainingJob;
import picocli.CommandLine.Command;

/** Trains a policy by GRPO. */
@Command(
    name = "grpo",
    mixinStandardHelpOptions = true,
    description = "Trains a policy by GRPO on prepared shards; run again, it resumes.",
    footer = {"", "Example: medvol grpo --shards shards --model qwen3-vl --run runs/1 --steps 100"})
final class GrpoCommand extends TrainCommand {
  @Override
  String group() {
    return "grpo";
  }

  @Override
  TrainingJob.Result train(TrainingJob job, OutputFolder run) {
    return job.grpo(run);
  }
}
