package io.medvol.spark.cli;

import io.medvol.spark.job.TrainingJob;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains a policy on demonstrations. */
@Command(
    name = "sft",
    mixinStandardHelpOptions = true,
    description =
        "Trains a policy on demonstrations made from the labels, the cold start of GRPO; run"
            + " again, it resumes.",
    footer = {"", "Example: medvol sft --shards shards --model qwen3-vl --run runs/sft"})
final class SftCommand extends RunCommand {
  @Option(names = "--steps", paramLabel = "N", description = "Steps of the run: sft.steps.")
  private Integer steps;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the run: sft.seed.")
  private Long seed;

  @Override
  List<String> settings() {
    return settings(List.of(setting("sft.steps", steps), setting("sft.seed", seed)));
  }

  @Override
  void run(Place place) {
    TrainingJob job =
        new TrainingJob(
            place.spark().session(),
            place.config(),
            place.shards(),
            place.model(),
            place.progress());
    TrainingJob.Result result = job.sft(place.run());
    place.run().finish(result.metrics());
    place.progress().say("Trained " + result.state().step() + " steps: " + result.checkpoint());
    place.progress().say("Metrics: " + place.run().path());
  }
}
