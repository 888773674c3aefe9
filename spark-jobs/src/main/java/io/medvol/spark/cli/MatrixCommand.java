package io.medvol.spark.cli;

import io.medvol.spark.job.MatrixBy;
import io.medvol.spark.job.MatrixJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains on one group of questions each, tests on all. */
@Command(
    name = "matrix",
    mixinStandardHelpOptions = true,
    description =
        "Trains on the questions of each modality or type and tests on all: a table and a picture"
            + " of it; run again, it goes on.",
    footer = {
      "",
      "Example: medvol matrix --by modality --shards shards --model qwen2-vl --run runs/matrix"
    })
final class MatrixCommand extends RunCommand {
  @Option(
      names = "--by",
      required = true,
      paramLabel = "GROUP",
      description = "What questions are grouped by: ${COMPLETION-CANDIDATES}.")
  private MatrixBy by;

  @Override
  List<String> settings() {
    return List.of();
  }

  @Override
  void run(Place place) {
    try {
      place
          .run()
          .finish(
              new MatrixJob(place.spark(), place.effective(), place.progress())
                  .run(by, place.shards(), place.policy(), place.run()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    place.progress().say("Table:   " + place.run().resolve("matrix.csv"));
    place.progress().say("Picture: " + place.run().resolve("matrix.svg"));
  }
}
