package io.medvol.spark.report;

import java.util.List;

/**
 * A matrix of shares as a picture: SVG, each cell with its colour and its value in per cent, a
 * scale at the side. Cells without a value are left grey.
 *
 * @param title above everything
 * @param rowTitle what the rows are
 * @param columnTitle what the columns are
 * @param values {@code [row][column]}, 0 to 1 or NaN
 */
public record HeatMap(
    String title,
    String rowTitle,
    String columnTitle,
    List<String> rows,
    List<String> columns,
    double[][] values) {
  private static final int CELL_WIDTH = 76;
  private static final int CELL_HEIGHT = 40;
  private static final int CHARACTER = 8;
  private static final int MARGIN = 16;
  private static final int SCALE_STEPS = 50;
  private static final int SCALE_WIDTH = 18;

  /** From few to many: pale yellow, green, dark blue; told apart in grey as well. */
  private static final int[][] COLOURS = {
    {255, 255, 217}, {199, 233, 180}, {65, 182, 196}, {34, 94, 168}, {8, 29, 88}
  };

  public HeatMap {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    if (values.length != rows.size()) {
      throw new IllegalArgumentException(values.length + " rows of values for " + rows);
    }
    for (double[] row : values) {
      if (row.length != columns.size()) {
        throw new IllegalArgumentException(row.length + " values for " + columns);
      }
    }
  }

  /** A standalone file. */
  public String svg() {
    int left = MARGIN + 24 + CHARACTER * longest(rows);
    int top = 84 + (int) (CHARACTER * longest(columns) * 0.6);
    int width = CELL_WIDTH * columns.size();
    int height = CELL_HEIGHT * rows.size();
    int totalWidth = left + width + 110;
    int totalHeight = top + height + MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n",
            totalWidth, totalHeight, totalWidth, totalHeight));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    text(svg, MARGIN, 26, "start", "font-size=\"17\" font-weight=\"bold\"", title);
    text(svg, left + width / 2, 50, "middle", "fill=\"#444\"", columnTitle);
    svg.append(
        Html.format(
            "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\""
                + " fill=\"#444\">%s</text>\n",
            MARGIN, top + height / 2, Html.escape(rowTitle)));
    for (int column = 0; column < columns.size(); column++) {
      svg.append(
          Html.format(
              "<text transform=\"translate(%d %d) rotate(-35)\">%s</text>\n",
              left + column * CELL_WIDTH + CELL_WIDTH / 2,
              top - 8,
              Html.escape(columns.get(column))));
    }
    for (int row = 0; row < rows.size(); row++) {
      int y = top + row * CELL_HEIGHT;
      text(svg, left - 8, y + CELL_HEIGHT / 2 + 5, "end", "", rows.get(row));
      for (int column = 0; column < columns.size(); column++) {
        cell(svg, left + column * CELL_WIDTH, y, values[row][column]);
      }
    }
    scale(svg, left + width + 24, top, height);
    return svg.append("</svg>\n").toString();
  }

  private static void cell(StringBuilder svg, int x, int y, double value) {
    boolean known = !Double.isNaN(value);
    svg.append(
        Html.format(
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"white\"/>\n",
            x, y, CELL_WIDTH, CELL_HEIGHT, known ? colour(value) : "#dddddd"));
    String fill = known && isDark(value) ? "fill=\"white\"" : "fill=\"black\"";
    text(
        svg,
        x + CELL_WIDTH / 2,
        y + CELL_HEIGHT / 2 + 5,
        "middle",
        fill,
        known ? Html.format("%.1f", 100 * value) : "–");
  }

  private static void scale(StringBuilder svg, int x, int top, int height) {
    double step = height / (double) SCALE_STEPS;
    for (int i = 0; i < SCALE_STEPS; i++) {
      svg.append(
          Html.format(
              "<rect x=\"%d\" y=\"%.2f\" width=\"%d\" height=\"%.2f\" fill=\"%s\"/>\n",
              x, top + i * step, SCALE_WIDTH, step + 0.5, colour(1 - (i + 0.5) / SCALE_STEPS)));
    }
    for (int per = 0; per <= 4; per++) {
      text(
          svg,
          x + SCALE_WIDTH + 6,
          (int) (top + height * (1 - per / 4.0)) + 5,
          "start",
          "fill=\"#444\"",
          per * 25 + " %");
    }
  }

  private static String colour(double value) {
    int[] rgb = rgb(value);
    return Html.format("#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
  }

  private static boolean isDark(double value) {
    int[] rgb = rgb(value);
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 140;
  }

  private static int[] rgb(double value) {
    double place = Math.max(0, Math.min(1, value)) * (COLOURS.length - 1);
    int below = Math.min((int) place, COLOURS.length - 2);
    int[] rgb = new int[3];
    for (int channel = 0; channel < 3; channel++) {
      rgb[channel] =
          (int)
              Math.round(
                  COLOURS[below][channel]
                      + (place - below) * (COLOURS[below + 1][channel] - COLOURS[below][channel]));
    }
    return rgb;
  }

  private static void text(
      StringBuilder svg, int x, int y, String anchor, String style, String text) {
    svg.append(
        Html.format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>\n",
            x, y, anchor, style, Html.escape(text)));
  }

  private static int longest(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }
}
