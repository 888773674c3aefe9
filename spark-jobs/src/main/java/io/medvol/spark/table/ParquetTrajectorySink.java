package io.medvol.spark.table;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectorySink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  /** Hidden from those who read the table, by its first character. */
  private static final String DIGEST = "_sha256";

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
    String digest = ParquetOutput.replace(storage, folder(step), TrajectorySchema.SCHEMA, cells);
    try {
      storage.commit(
          Storage.join(folder(step), DIGEST), digest.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Cannot write " + folder(step) + ": " + e.getMessage(), e);
    }
  }

  private String folder(int step) {
    return Storage.join(table, "step=" + step);
  }

  @Override
  public Set<Integer> missingBefore(int step) {
    try {
      Set<Integer> missing = new HashSet<>();
      for (int s = 0; s < step; s++) {
        if (!isWhole(folder(s))) {
          missing.add(s);
        }
      }
      return missing;
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Cannot read " + table + ": " + e.getMessage(), e);
    }
  }

  /** Tables of an earlier version have no digest. */
  private boolean isWhole(String folder) throws IOException {
    String file = Storage.join(folder, ParquetOutput.FILE);
    String digest = Storage.join(folder, DIGEST);
    if (!storage.exists(file) || !storage.exists(digest)) {
      return storage.exists(file);
    }
    MessageDigest found = Sha256.start();
    try (InputStream in = new DigestInputStream(storage.open(file), found)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    try (InputStream in = storage.open(digest)) {
      byte[] written = Sha256.hex(found.digest()).getBytes(StandardCharsets.US_ASCII);
      return Arrays.equals(in.readAllBytes(), written);
    }
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
