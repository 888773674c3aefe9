package io.medvol.spark.table;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectorySink;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;

/**
 * The trajectory table of a run: {@code trajectories/step=N/}, one row for each trajectory. A step
 * that is written again replaces what was there. The driver writes the file itself, through the
 * run's storage, which refuses once another run has taken the folder over: a Spark job would take
 * an executor from the updates meanwhile.
 */
public final class ParquetTrajectorySink implements TrajectorySink {
  public static final String FOLDER = "trajectories";

  private static final Pattern STEP = Pattern.compile("step=(\\d{1,9})");

  private final Storage storage;
  private final String table;
  private final String run;

  /**
   * @param runFolder where the table's folder lies
   * @param run name of the run, for the first column
   */
  public ParquetTrajectorySink(Storage storage, String runFolder, String run) {
    this.storage = Objects.requireNonNull(storage, "storage");
    this.table = Storage.join(runFolder, FOLDER);
    this.run = Objects.requireNonNull(run, "run");
  }

  @Override
  public void write(int step, List<TrajectoryRecord> rows) {
    List<Row> cells = rows.stream().map(row -> TrajectorySchema.row(run, row)).toList();
    ParquetOutput.replace(
        storage, Storage.join(table, "step=" + step), TrajectorySchema.SCHEMA, cells);
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
