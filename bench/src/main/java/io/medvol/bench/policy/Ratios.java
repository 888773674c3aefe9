package io.medvol.bench.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Reads the JSON lines of alternating runs and prints ours against the peer's, each at its best.
 */
final class Ratios {
  private static final String OURS = "medvol";

  private record Best(double generation, double update, double step, double cpu, long rss) {
    static final Best NONE =
        new Best(
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Long.MAX_VALUE);

    /** Seconds are of one step. */
    Best with(JsonNode run) {
      double steps = run.get("steps").asDouble();
      return new Best(
          Math.min(generation, run.get("generation_seconds").asDouble() / steps),
          Math.min(update, run.get("update_seconds").asDouble() / steps),
          Math.min(step, run.get("wall_seconds").asDouble() / steps),
          Math.min(cpu, run.get("cpu_seconds").asDouble() / steps),
          Math.min(rss, run.get("peak_rss_mb").asLong()));
    }
  }

  private Ratios() {}

  /** Takes the file of runs. */
  public static void main(String[] arguments) throws IOException {
    ObjectMapper json = new ObjectMapper();
    SortedMap<Integer, Best> ours = new TreeMap<>();
    SortedMap<Integer, Best> peers = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      if (line.startsWith("{\"")) {
        JsonNode run = json.readTree(line);
        SortedMap<Integer, Best> side = run.get("peer").asText().equals(OURS) ? ours : peers;
        side.merge(
            run.get("slices").asInt(), Best.NONE.with(run), (before, now) -> before.with(run));
      }
    }
    System.out.println("| slices | generation | update | step | processor time | peak RSS |");
    System.out.println("|---|---|---|---|---|---|");
    for (int slices : ours.keySet()) {
      Best own = ours.get(slices);
      Best peer = peers.getOrDefault(slices, Best.NONE);
      System.out.printf(
          "| %d | %s | %s | %s | %s | %d / %d MiB |%n",
          slices,
          ratio(own, peer, Best::generation),
          ratio(own, peer, Best::update),
          ratio(own, peer, Best::step),
          ratio(own, peer, Best::cpu),
          own.rss(),
          peer.rss());
    }
  }

  private static String ratio(Best own, Best peer, ToDoubleFunction<Best> part) {
    double a = part.applyAsDouble(own);
    double b = part.applyAsDouble(peer);
    return String.format("%.2f s / %.2f s = %.1fx", b, a, b / a);
  }
}
