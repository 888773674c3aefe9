package io.medvol.spark.table;

import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.storage.Storage;
import io.medvol.spark.hadoop.Storages;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The cases a preparation turned away: {@code rejected/}, present even when it is empty. */
public final class RejectedTable {
  public static final String FOLDER = "rejected";

  private static final StructType SCHEMA =
      new StructType()
          .add("case", DataTypes.StringType)
          .add("kind", DataTypes.StringType)
          .add("reason", DataTypes.StringType);

  private RejectedTable() {}

  /** Replaces the table below a folder. */
  public static void write(SparkSession spark, String folder, List<RejectedVolume> rejected) {
    List<Row> rows =
        rejected.stream()
            .map(r -> RowFactory.create(r.caseId(), r.kind().name(), r.reason()))
            .toList();
    spark
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(Storage.join(Storages.uri(folder), FOLDER));
  }
}
