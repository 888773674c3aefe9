package io.medvol.spark.cli;

import io.medvol.grpo.evaluation.EvaluationComparison;
import io.medvol.grpo.evaluation.EvaluationReport;
import io.medvol.grpo.metrics.CompletionWarning;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.EvaluationJob;
import io.medvol.spark.table.EvaluationTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a policy on held-out samples. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Answers every sample greedily and measures the answers.",
    footer = {
      "",
      "Example: medvol evaluate --shards held-out --model runs/1/checkpoints/step-000100 --run"
          + " runs/1/evaluation"
    })
final class EvaluateCommand extends RunCommand {
  @Option(
      names = "--baseline",
      paramLabel = "DIR",
      description =
          "Run of another evaluation of the same samples; the summary gets the differences to it"
              + " with their intervals and paired tests.")
  private String baseline;

  @Override
  List<String> settings() {
    return List.of();
  }

  @Override
  void run(Place place) {
    EvaluationJob job =
        new EvaluationJob(place.spark().context(), place.config(), place.run(), place.progress());
    EvaluationReport report = job.run(place.shards(), place.policy());
    EvaluationTable.write(place.run().storage(), place.run().path(), report.outcomes());
    report.requireMeasured();
    Map<String, Object> metrics = report.metrics();
    if (baseline != null) {
      metrics.putAll(difference(place, report));
    }
    place.run().finish(metrics);
    metrics.forEach(
        (name, value) ->
            place
                .progress()
                .say(
                    value instanceof Double number
                        ? String.format(Locale.ROOT, "  %-32s %.4f", name, number)
                        : String.format(Locale.ROOT, "  %-32s %s", name, value)));
    CompletionWarning.ofEvaluation(report.outcomes()).ifPresent(place.progress()::warn);
    place.progress().say("Answers: " + place.run().resolve(EvaluationTable.FOLDER));
  }

  private Map<String, Object> difference(Place place, EvaluationReport report) {
    try {
      return new EvaluationComparison(
              report.outcomes(),
              EvaluationTable.read(place.spark().session(), Storages.absolute(baseline)))
          .metrics();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
