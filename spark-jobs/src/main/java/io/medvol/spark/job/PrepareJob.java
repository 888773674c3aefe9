package io.medvol.spark.job;

import io.medvol.data.dataset.DatasetCase;
import io.medvol.data.dataset.DatasetFolder;
import io.medvol.data.dataset.PreparationResult;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.dataset.PreparedDataset;
import io.medvol.data.dataset.PreparedVolume;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.shard.ShardManifest;
import io.medvol.data.storage.Storage;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.table.RejectedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Prepares every case of a folder, one Spark task each. A case that cannot be read is a row of the
 * rejected table; the manifest is committed last, and not at all if too many were rejected.
 */
public final class PrepareJob {
  private static final int MAX_TASKS = 100_000;

  private final SparkSession spark;
  private final PrepareConfig config;
  private final Progress progress;

  public PrepareJob(SparkSession spark, PrepareConfig config, Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.config = Objects.requireNonNull(config, "config");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** What became of a folder. */
  public record Result(int cases, int prepared, int rejected, int samples, int absentTargets) {
    /** As the metrics of a summary. */
    public Map<String, Object> metrics() {
      Map<String, Object> metrics = new LinkedHashMap<>();
      metrics.put("cases", cases);
      metrics.put("prepared", prepared);
      metrics.put("rejected", rejected);
      metrics.put("samples", samples);
      metrics.put("absent_targets", absentTargets);
      return metrics;
    }
  }

  /**
   * @throws MedVolException (MALFORMED_DATA) if nothing could be prepared, or more than the
   *     configured share was rejected; the rejected table is written before
   */
  public Result run(String input, OutputFolder output) throws IOException {
    DatasetFolder folder = DatasetFolder.open(Storages.here(input), input);
    output.storage().delete(Storage.join(output.path(), ShardManifest.FILE));
    List<PreparedVolume> prepared = new ArrayList<>();
    List<RejectedVolume> rejected = new ArrayList<>(folder.rejected());
    for (PreparationResult result : prepare(folder.cases(), output.path())) {
      if (result instanceof PreparedVolume volume) {
        prepared.add(volume);
      } else if (result instanceof RejectedVolume volume) {
        rejected.add(volume);
      }
    }
    rejected.sort(Comparator.comparing(RejectedVolume::caseId));
    RejectedTable.write(spark, output.path(), rejected);
    requireEnough(prepared.size(), rejected, output.path());
    PreparedDataset.commit(output.storage(), output.path(), folder.description(), prepared);
    return new Result(
        prepared.size() + rejected.size(),
        prepared.size(),
        rejected.size(),
        prepared.stream().mapToInt(volume -> volume.samples().size()).sum(),
        prepared.stream().mapToInt(PreparedVolume::absentTargets).sum());
  }

  private List<PreparationResult> prepare(List<DatasetCase> cases, String output) {
    if (cases.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    TaskProgress listener = new TaskProgress(progress, cases.size());
    progress.begin("Preparing volumes");
    context.sc().addSparkListener(listener);
    context.setJobGroup("medvol-prepare", "Prepare " + cases.size() + " volumes", true);
    try {
      return context
          .parallelize(cases, Math.min(cases.size(), MAX_TASKS))
          .map(new PrepareTask(config, output))
          .collect();
    } finally {
      context.clearJobGroup();
      context.sc().removeSparkListener(listener);
    }
  }

  private void requireEnough(int prepared, List<RejectedVolume> rejected, String output) {
    int cases = prepared + rejected.size();
    if (prepared > 0 && rejected.size() <= config.maxRejectedShare() * cases) {
      return;
    }
    RejectedVolume first = rejected.get(0);
    throw new MedVolException(
        ErrorCode.MALFORMED_DATA,
        rejected.size()
            + " of "
            + cases
            + " cases were rejected, more than prepare.max-rejected-share="
            + config.maxRejectedShare()
            + " allows; the table "
            + Storage.join(output, RejectedTable.FOLDER)
            + " names each (the first: "
            + first.caseId()
            + ", "
            + first.reason()
            + ").");
  }
}
