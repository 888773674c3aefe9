package io.medvol.spark.job;

import io.medvol.spark.report.HeatMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Accuracies of policies trained on one group of questions each and tested on all.
 *
 * @param rows in their order
 */
record AccuracyMatrix(List<Row> rows) {
  AccuracyMatrix {
    rows = List.copyOf(rows);
  }

  /**
   * One policy.
   *
   * @param identity digest of everything the row depends on
   * @param trainedOn name of the row
   * @param cells by the group tested on
   */
  record Row(String identity, String trainedOn, Map<String, Cell> cells) {}

  /**
   * One accuracy over questions with its 95 per cent bootstrap interval over pictures, whose ends
   * are NaN if there is one picture.
   *
   * @param samples questions answered
   */
  record Cell(double accuracy, double low, double high, int samples) {}

  List<String> columns() {
    TreeSet<String> columns = new TreeSet<>();
    rows.forEach(row -> columns.addAll(row.cells().keySet()));
    return List.copyOf(columns);
  }

  /** A line for each row, a column for each group tested on; empty where nothing was asked. */
  String csv() {
    List<String> columns = columns();
    StringBuilder csv = new StringBuilder();
    List<String> head = new ArrayList<>(List.of("trained_on"));
    head.addAll(columns);
    line(csv, head);
    for (Row row : rows) {
      List<String> fields = new ArrayList<>(List.of(row.trainedOn()));
      for (String column : columns) {
        Cell cell = row.cells().get(column);
        fields.add(cell == null ? "" : number(cell.accuracy()));
      }
      line(csv, fields);
    }
    return csv.toString();
  }

  /** A line for each cell, with its interval and the number of questions. */
  String cellsCsv() {
    StringBuilder csv = new StringBuilder();
    line(csv, List.of("trained_on", "tested_on", "accuracy", "ci_low", "ci_high", "samples"));
    for (Row row : rows) {
      row.cells()
          .forEach(
              (column, cell) ->
                  line(
                      csv,
                      List.of(
                          row.trainedOn(),
                          column,
                          number(cell.accuracy()),
                          number(cell.low()),
                          number(cell.high()),
                          Integer.toString(cell.samples()))));
    }
    return csv.toString();
  }

  HeatMap heatMap(String title) {
    List<String> columns = columns();
    double[][] values = new double[rows.size()][columns.size()];
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < columns.size(); c++) {
        Cell cell = rows.get(r).cells().get(columns.get(c));
        values[r][c] = cell == null ? Double.NaN : cell.accuracy();
      }
    }
    return new HeatMap(
        title,
        "trained on",
        "tested on",
        rows.stream().map(Row::trainedOn).toList(),
        columns,
        values);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
  }

  private static void line(StringBuilder csv, List<String> fields) {
    csv.append(fields.stream().map(AccuracyMatrix::quoted).collect(Collectors.joining(",")))
        .append("\r\n");
  }

  /** As RFC 4180 has it. */
  private static String quoted(String field) {
    return field.matches("[^,\"\r\n]*") ? field : "\"" + field.replace("\"", "\"\"") + "\"";
  }
}
