package io.medvol.spark.cli;

import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.TrainingJob;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the commands that train have in common. */
abstract class TrainCommand extends RunCommand {
  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Steps of the run, as COMMAND.steps; a run with a constant learning rate can be given"
              + " more.")
  private Integer steps;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the run, as COMMAND.seed.")
  private Long seed;

  /** The group of settings of the command. */
  abstract String group();

  abstract TrainingJob.Result train(TrainingJob job, OutputFolder run);

  @Override
  final List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (steps != null) {
      settings.add(group() + ".steps=" + steps);
    }
    if (seed != null) {
      settings.add(group() + ".seed=" + seed);
    }
    return settings;
  }

  @Override
  final void run(Place place) {
    TrainingJob job =
        new TrainingJob(
            place.spark().session(),
            place.config(),
            place.shards(),
            place.policy(),
            place.progress());
    TrainingJob.Result result = train(job, place.run());
    result.finish();
    place.progress().say("Trained " + result.state().step() + " steps: " + result.checkpoint());
    place.progress().say("Metrics: " + place.run().path());
  }
}
