package io.medvol.spark.table;

import io.medvol.data.storage.Storage;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.spark.hadoop.Storages;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
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
          .add("measures", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType))
          .add("tokens", DataTypes.IntegerType)
          .add("seconds", DataTypes.DoubleType)
          .add("failure", DataTypes.StringType);

  private EvaluationTable() {}

  /** Replaces the table below a folder. */
  public static void write(SparkSession spark, String folder, List<EvaluationOutcome> outcomes) {
    spark
        .createDataFrame(outcomes.stream().map(EvaluationTable::row).toList(), SCHEMA)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(Storage.join(Storages.uri(folder), FOLDER));
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
        scala.jdk.javaapi.CollectionConverters.asScala(outcome.measures()),
        outcome.generatedTokens(),
        outcome.seconds(),
        outcome.failure());
  }
}
