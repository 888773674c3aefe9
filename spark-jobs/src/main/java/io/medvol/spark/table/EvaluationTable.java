package io.medvol.spark.table;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.evaluation.ChoiceAccuracy;
import io.medvol.grpo.evaluation.EvaluationComparison;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The answers of an evaluation: {@code answers/}, one row for each sample. */
public final class EvaluationTable {
  public static final String FOLDER = "answers";

  private static final StructType SCHEMA =
      new StructType()
          .add("sample_id", DataTypes.StringType)
          .add("volume_id", DataTypes.StringType)
          .add("target", DataTypes.StringType)
          .add("question", DataTypes.StringType)
          .add("text", DataTypes.StringType)
          .add("answer", DataTypes.StringType)
          .add("anchor_slice", DataTypes.IntegerType)
          .add("reward", DataTypes.DoubleType)
          .add("dice", DataTypes.DoubleType)
          .add("accuracy", DataTypes.DoubleType)
          .add("measures", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType))
          .add("tokens", DataTypes.IntegerType)
          .add("seconds", DataTypes.DoubleType)
          .add("failure", DataTypes.StringType);

  private EvaluationTable() {}

  /**
   * Replaces the table below a folder.
   *
   * @throws MedVolException (RESOURCE) if it cannot be written
   */
  public static void write(Storage storage, String folder, List<EvaluationOutcome> outcomes) {
    ParquetOutput.replace(
        storage,
        Storage.join(folder, FOLDER),
        SCHEMA,
        outcomes.stream().map(EvaluationTable::row).toList());
  }

  /**
   * What another evaluation found, as {@link EvaluationComparison} takes it.
   *
   * @throws MedVolException (INVALID_INPUT) if the folder holds no such table
   */
  public static Map<String, Map<String, Double>> read(SparkSession spark, String folder)
      throws IOException {
    String table = Storage.join(Storages.uri(folder), FOLDER);
    if (Storages.here(folder).list(Storage.join(folder, FOLDER)).isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The baseline " + folder + " holds no answers; name a run of 'medvol evaluate'.");
    }
    Dataset<Row> rows = spark.read().parquet(table);
    List<String> columns = List.of(rows.columns());
    Map<String, Map<String, Double>> values = new LinkedHashMap<>();
    for (Row row : rows.collectAsList()) {
      Map<String, Double> found = new LinkedHashMap<>();
      for (String measure : EvaluationComparison.MEASURES) {
        int column = columns.indexOf(measure);
        found.put(measure, column < 0 || row.isNullAt(column) ? Double.NaN : row.getDouble(column));
      }
      values.put(row.getString(columns.indexOf("sample_id")), found);
    }
    return values;
  }

  private static Row row(EvaluationOutcome outcome) {
    return RowFactory.create(
        outcome.sample().id(),
        outcome.sample().sourceId(),
        outcome.sample().target(),
        outcome.sample().question(),
        outcome.completion() == null ? null : outcome.completion().text(),
        outcome.answer() == null ? null : outcome.answer().name(),
        outcome.anchor().map(anchor -> anchor.slice()).orElse(null),
        outcome.reward() == null ? null : outcome.reward().total(),
        outcome.dice(),
        outcome.sample() instanceof ChoiceSample ? ChoiceAccuracy.of(outcome) : null,
        outcome.measures(),
        outcome.generatedTokens(),
        outcome.seconds(),
        outcome.failure());
  }
}
