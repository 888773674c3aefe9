package io.medvol.bench.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Reads the metrics of training runs with one task slot to an executor and prints how fast each was
 * and which share of a step no worker was computing: beside the busiest executor's work, and beside
 * the mean of all, which counts waiting for the busiest as well.
 */
public final class StepOverhead implements Callable<Integer> {
  private static final String PHASE = "spark/";

  @Option(names = "--warm-up", description = "Steps not counted.")
  private int warmUp = 2;

  @Option(names = "--completions", required = true, description = "Trained in a step.")
  private int completions;

  @Parameters(description = "Run folders; the first is what the others are compared with.")
  private List<Path> runs;

  public static void main(String[] args) {
    System.exit(new CommandLine(new StepOverhead()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    double first = 0;
    System.out.println(
        "run | executors | s/step | completions/s | ratio | overhead | with waiting");
    for (Path run : runs) {
      Means means = means(run);
      double speed = completions / means.step;
      first = first == 0 ? speed : first;
      System.out.printf(
          Locale.ROOT,
          "%s | %.0f | %.3f | %.2f | %.2f | %.1f %% | %.1f %%%n",
          run.getFileName(),
          means.executors,
          means.step,
          speed,
          speed / first,
          100 * (1 - means.busiest / means.step),
          100 * (1 - means.all / means.executors / means.step));
    }
    return 0;
  }

  private record Means(double step, double busiest, double all, double executors) {}

  private Means means(Path run) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    List<String> counted = lines.subList(warmUp, lines.size());
    double step = 0;
    double busiest = 0;
    double all = 0;
    double executors = 0;
    for (String line : counted) {
      JsonNode metrics = json.readTree(line);
      step += metrics.get("step_time").asDouble();
      executors += metrics.get(PHASE + "executors").asDouble();
      for (Iterator<String> names = metrics.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (name.startsWith(PHASE) && name.endsWith("/worker_seconds")) {
          busiest += metrics.get(name).asDouble();
        } else if (name.startsWith(PHASE) && name.endsWith("/all_worker_seconds")) {
          all += metrics.get(name).asDouble();
        }
      }
    }
    int n = counted.size();
    return new Means(step / n, busiest / n, all / n, executors / n);
  }
}
