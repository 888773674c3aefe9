package io.medvol.spark.table;

import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.util.List;
import org.apache.spark.sql.RowFactory;
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

  /**
   * Replaces the table below a folder.
   *
   * @throws MedVolException (RESOURCE) if it cannot be written
   */
  public static void write(Storage storage, String folder, List<RejectedVolume> rejected) {
    ParquetOutput.replace(
        storage,
        Storage.join(folder, FOLDER),
        SCHEMA,
        rejected.stream()
            .map(one -> RowFactory.create(one.caseId(), one.kind().name(), one.reason()))
            .toList());
  }
}
