package io.medvol.spark.cli;

import io.medvol.spark.job.TrainingJob;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains a policy by GRPO. */
@Command(
    name = "grpo",
    mixinStandardHelpOptions = true,
    description = "Trains a policy by GRPO on prepared shards; run again, it resumes.",
    footer = {"", "Example: medvol grpo --shards shards --model qwen3-vl --run runs/1 --steps 100"})
final class GrpoCommand extends RunCommand {
  @Option(names = "--steps", paramLabel = "N", description = "Steps of the run: grpo.steps.")
  private Integer steps;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the run: grpo.seed.")
  private Long seed;

  @Override
  List<String> settings() {
    return settings(List.of(setting("grpo.steps", steps), setting("grpo.seed", seed)));
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
    TrainingJob.Result result = job.grpo(place.run());
    place.run().finish(result.metrics());
    place.progress().say("Trained " + result.state().step() + " steps: " + result.checkpoint());
    place.progress().say("Metrics and trajectories: " + place.run().path());
  }
}
