package io.medvol.spark.cli;

import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.TrainingJob;
import picocli.CommandLine.Command;

/** Trains a policy on demonstrations. */
@Command(
    name = "sft",
    mixinStandardHelpOptions = true,
    description =
        "Trains a policy on demonstrations made from the labels, the cold start of GRPO; run"
            + " again, it resumes.",
    footer = {"", "Example: medvol sft --shards shards --model qwen3-vl --run runs/sft"})
final class SftCommand extends TrainCommand {
  @Override
  String group() {
    return "sft";
  }

  @Override
  TrainingJob.Result train(TrainingJob job, OutputFolder run) {
    return job.sft(run);
  }
}
