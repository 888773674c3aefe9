package io.medvol.spark.report;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.evaluation.EvaluationReport;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.ShardSlices;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes {@code index.html}: the flow, curves, a table of the stages, and answers on slices. */
public final class Report {
  private static final int EXAMPLES = 6;
  private static final int SMOOTHING = 1;

  private Report() {}

  /** A policy at one point of the way, measured on the held-out samples. */
  public record Stage(String name, EvaluationReport evaluation) {}

  /**
   * What a report shows.
   *
   * @param sftMetrics path of the cold start's metrics
   * @param grpoMetrics path of GRPO's metrics
   * @param stages in their order; the last one's answers are shown
   * @param shards the held-out data set, for the slices
   */
  public record Content(
      String sftMetrics,
      String grpoMetrics,
      List<Stage> stages,
      String shards,
      EffectiveConfig<?> config) {}

  /** Replaces the report in a folder. */
  public static void write(Storage storage, String folder, Content content) throws IOException {
    StringBuilder page = new StringBuilder(resource("head.html"));
    page.append(resource("flow.svg"));
    page.append("<h2>Held-out phantoms</h2>").append(table(content.stages()));
    page.append("<h2>Training</h2><div class=\"charts\">");
    MetricsFile sft = MetricsFile.read(storage, content.sftMetrics());
    MetricsFile grpo = MetricsFile.read(storage, content.grpoMetrics());
    page.append(new LineChart("SFT: loss").curve("cross-entropy", smooth(sft, "loss")).svg());
    page.append(
        new LineChart("GRPO: reward of sampled answers")
            .curve("reward", smooth(grpo, "reward"))
            .svg());
    LineChart terms = new LineChart("GRPO: reward terms");
    for (String term : grpo.rewardTerms()) {
      terms.curve(
          term.substring("rewards/".length(), term.length() - "/mean".length()),
          smooth(grpo, term));
    }
    page.append(terms.svg());
    page.append(
        new LineChart("GRPO: spread and entropy")
            .curve("reward_std", smooth(grpo, "reward_std"))
            .curve("entropy", smooth(grpo, "entropy"))
            .svg());
    page.append("</div><p class=\"n\">Means over ")
        .append(2 * SMOOTHING + 1)
        .append(" steps.</p><h2>Answers</h2>");
    examples(page, storage, content);
    page.append("<h2>Configuration</h2><details><summary>")
        .append(content.config().digest())
        .append("</summary><pre>")
        .append(Html.escape(content.config().yaml()))
        .append("</pre></details></main></body></html>\n");
    storage.commit(
        Storage.join(folder, "index.html"), page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<double[]> smooth(MetricsFile metrics, String name) {
    return MetricsFile.smoothed(metrics.curve(name), SMOOTHING);
  }

  private static String table(List<Stage> stages) {
    Set<String> names = new LinkedHashSet<>();
    stages.forEach(stage -> names.addAll(stage.evaluation().metrics().keySet()));
    StringBuilder html = new StringBuilder("<table><tr><th></th>");
    stages.forEach(stage -> html.append("<th>").append(Html.escape(stage.name())).append("</th>"));
    names.removeIf(name -> intervalEnd(name, names));
    for (String name : names) {
      html.append("</tr><tr><td>").append(Html.escape(name)).append("</td>");
      for (Stage stage : stages) {
        html.append("<td>").append(cell(stage.evaluation().metrics(), name)).append("</td>");
      }
    }
    return html.append("</tr></table>").toString();
  }

  /** The ends of an interval stand beside its mean, and not in rows of their own. */
  private static boolean intervalEnd(String name, Set<String> names) {
    int end = Math.max(name.lastIndexOf("_low"), name.lastIndexOf("_high"));
    return end > 0
        && (name.endsWith("_low") || name.endsWith("_high"))
        && names.contains(name.substring(0, end));
  }

  private static String cell(Map<String, Object> metrics, String name) {
    Object value = metrics.get(name);
    if (!(value instanceof Double number)) {
      return Html.escape(value == null ? "" : value.toString());
    }
    String mean = Html.format("%.3f", number);
    return metrics.get(name + "_low") instanceof Double low
            && metrics.get(name + "_high") instanceof Double high
        ? mean + Html.format(" <small>[%.3f, %.3f]</small>", low, high)
        : mean;
  }

  /** One answer for each target, so that no organ fills the page. */
  private static void examples(StringBuilder page, Storage storage, Content content)
      throws IOException {
    ShardSlices volumes = new ShardSlices(ShardDataset.open(storage, content.shards()));
    Stage last = content.stages().get(content.stages().size() - 1);
    Set<String> shown = new LinkedHashSet<>();
    page.append("<div class=\"answers\">");
    for (EvaluationOutcome outcome : last.evaluation().outcomes()) {
      if (shown.size() == EXAMPLES) {
        break;
      }
      if (outcome.completion() != null
          && outcome.sample() instanceof VrsSample sample
          && sample.key().isPresent()
          && shown.add(sample.target())) {
        try (OpenVolume volume = volumes.open(sample.volumeId())) {
          page.append(answer(outcome, sample, volume));
        }
      }
    }
    page.append("</div>");
  }

  private static String answer(EvaluationOutcome outcome, VrsSample sample, OpenVolume volume)
      throws IOException {
    int key = sample.key().orElseThrow();
    List<EdgeBox> expected =
        sample.keyBoxes().stream()
            .map(box -> new EdgeBox(box.x1(), box.y1(), box.x2() + 1.0, box.y2() + 1.0))
            .toList();
    List<SliceFigure.Boxes> onKey = new ArrayList<>();
    onKey.add(new SliceFigure.Boxes("truth", expected));
    StringBuilder html = new StringBuilder("<figure><div class=\"pair\">");
    boolean elsewhere = outcome.anchor().isPresent() && outcome.anchor().get().slice() != key;
    if (outcome.anchor().isPresent() && !elsewhere) {
      onKey.add(new SliceFigure.Boxes("found", outcome.anchor().get().boxes()));
    }
    html.append(labelled(SliceFigure.svg(volume, key, onKey), "key slice " + key));
    if (elsewhere) {
      int slice = outcome.anchor().get().slice();
      List<SliceFigure.Boxes> found =
          List.of(new SliceFigure.Boxes("found", outcome.anchor().get().boxes()));
      html.append(labelled(SliceFigure.svg(volume, slice, found), "answered slice " + slice));
    }
    return html.append("</div><figcaption><b>")
        .append(Html.escape(sample.question()))
        .append("</b><br>Dice ")
        .append(Html.format("%.2f", outcome.dice()))
        .append(", reward ")
        .append(Html.format("%.2f", outcome.reward().total()))
        .append("<pre>")
        .append(Html.escape(outcome.completion().text()))
        .append("</pre></figcaption></figure>")
        .toString();
  }

  private static String labelled(String svg, String label) {
    return "<div>" + svg + "<span>" + Html.escape(label) + "</span></div>";
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
