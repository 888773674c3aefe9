package io.medvol.spark.table;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectorySink;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The trajectory table of a run: {@code trajectories/step=N/}, one row for each trajectory. A step
 * that is written again replaces what was there.
 */
public final class ParquetTrajectorySink implements TrajectorySink {
  public static final String FOLDER = "trajectories";

  private static final Pattern STEP = Pattern.compile("step=(\\d{1,9})");

  private final SparkSession spark;
  private final Storage storage;
  private final String table;
  private final String run;

  /**
   * @param runFolder where the table's folder lies
   * @param run name of the run, for the first column
   */
  public ParquetTrajectorySink(SparkSession spark, Storage storage, String runFolder, String run) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.storage = Objects.requireNonNull(storage, "storage");
    this.table = Storage.join(runFolder, FOLDER);
    this.run = Objects.requireNonNull(run, "run");
  }

  @Override
  public void write(int step, List<TrajectoryRecord> rows) {
    List<Row> cells = rows.stream().map(row -> TrajectorySchema.row(run, row)).toList();
    String folder = Storage.join(table, "step=" + step);
    spark.sparkContext().setJobGroup("medvol-step", "Step " + step + ": trajectory table", true);
    try {
      // By the run's own storage, which refuses once another run has taken the folder over.
      storage.delete(folder);
      save(spark.createDataFrame(cells, TrajectorySchema.SCHEMA), Storages.uri(folder));
    } catch (IOException e) {
      throw unwritable(folder, e);
    } catch (SparkException e) {
      throw ofStorage(e) ? unwritable(folder, e) : new IllegalStateException(folder, e);
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  /** One object, so that on an object store, too, the table of a step appears whole. */
  private static void save(Dataset<Row> rows, String folder) throws IOException, SparkException {
    rows.coalesce(1).write().mode(SaveMode.ErrorIfExists).parquet(folder);
  }

  private static boolean ofStorage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static MedVolException unwritable(String folder, Exception cause) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Cannot write "
            + folder
            + ": "
            + cause.getMessage()
            + ". Check space and permissions of the run directory, then run again; it resumes"
            + " from its newest checkpoint.",
        cause);
  }

  @Override
  public void discardFrom(int step) {
    try {
      for (String name : storage.list(table)) {
        Matcher matcher = STEP.matcher(name);
        if (matcher.matches() && Integer.parseInt(matcher.group(1)) >= step) {
          storage.delete(Storage.join(table, name));
        }
      }
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Cannot read or clear " + table + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {}
}
