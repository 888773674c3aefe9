package io.medvol.spark.report;

import java.util.ArrayList;
import java.util.List;

/** A chart of one or more curves over the steps of a run, as SVG. Not thread-safe. */
final class LineChart {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 220;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 28;
  private static final int BOTTOM = 30;
  private static final int TICKS = 4;
  private static final String[] COLOURS = {"#2563eb", "#d97706", "#059669", "#9333ea", "#dc2626"};

  private record Curve(String name, List<double[]> points) {}

  private final String title;
  private final List<Curve> curves = new ArrayList<>();
  private double lowest = Double.POSITIVE_INFINITY;
  private double highest = Double.NEGATIVE_INFINITY;
  private double lastStep;

  LineChart(String title) {
    this.title = title;
  }

  /**
   * @param points pairs of step and value, steps ascending; an empty curve is left out
   */
  LineChart curve(String name, List<double[]> points) {
    if (!points.isEmpty()) {
      curves.add(new Curve(name, List.copyOf(points)));
      for (double[] point : points) {
        lastStep = Math.max(lastStep, point[0]);
        lowest = Math.min(lowest, point[1]);
        highest = Math.max(highest, point[1]);
      }
    }
    return this;
  }

  String svg() {
    if (curves.isEmpty()) {
      return "";
    }
    if (highest - lowest < 1e-12) {
      lowest -= 0.5;
      highest += 0.5;
    }
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\"><text x=\"%d\" y=\"16\" class=\"t\">%s</text>",
            WIDTH, HEIGHT, LEFT, Html.escape(title)));
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = lowest + (highest - lowest) * tick / TICKS;
      svg.append(
          Html.format(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"g\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" class=\"a\" text-anchor=\"end\">%.3g</text>",
              LEFT, WIDTH - RIGHT, y(value), y(value), LEFT - 6, y(value) + 4, value));
    }
    svg.append(
        Html.format(
            "<text x=\"%d\" y=\"%d\" class=\"a\">step 0</text>"
                + "<text x=\"%d\" y=\"%d\" class=\"a\" text-anchor=\"end\">%.0f</text>",
            LEFT, HEIGHT - 10, WIDTH - RIGHT, HEIGHT - 10, lastStep));
    for (int i = 0; i < curves.size(); i++) {
      line(svg, curves.get(i), COLOURS[i % COLOURS.length]);
    }
    return svg.append(legend()).append("</svg>").toString();
  }

  /** Names of the curves in their colours, beside the title. */
  private String legend() {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < curves.size(); i++) {
      names.append(
          Html.format(
              "<tspan dx=\"12\" style=\"fill:%s\">%s</tspan>",
              COLOURS[i % COLOURS.length], Html.escape(curves.get(i).name())));
    }
    return Html.format(
        "<text x=\"%d\" y=\"16\" class=\"l\" text-anchor=\"end\">%s</text>", WIDTH - RIGHT, names);
  }

  private void line(StringBuilder svg, Curve curve, String colour) {
    StringBuilder path = new StringBuilder();
    for (double[] point : curve.points()) {
      path.append(
          Html.format("%s%.1f %.1f", path.length() == 0 ? "M" : "L", x(point[0]), y(point[1])));
    }
    svg.append(
        Html.format(
            "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>", path, colour));
  }

  private double x(double step) {
    return LEFT + (lastStep == 0 ? 0 : step / lastStep * (WIDTH - LEFT - RIGHT));
  }

  private double y(double value) {
    return TOP + (highest - value) / (highest - lowest) * (HEIGHT - TOP - BOTTOM);
  }
}
