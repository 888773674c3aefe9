package io.medvol.spark.job;

import io.medvol.data.dataset.DatasetCase;
import io.medvol.data.dataset.DatasetFolder;
import io.medvol.data.dataset.FolderDescription;
import io.medvol.data.dataset.PreparationResult;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.dataset.Prepared;
import io.medvol.data.dataset.PreparedDataset;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.summary.FindingsFile;
import io.medvol.data.dataset.summary.PreparationSummary;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.ForeignText;
import io.medvol.data.error.MedVolException;
import io.medvol.data.omnimedvqa.OmniMedVqaFolder;
import io.medvol.data.omnimedvqa.PictureCase;
import io.medvol.data.storage.Storage;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.table.RejectedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * Prepares every case of a folder, a Spark task for each volume or for some pictures. A case that
 * cannot be read is a row of the rejected table; the manifest is committed last, and not at all if
 * too many were rejected: then a data set that was in the folder before is still there.
 */
public final class PrepareJob {
  private static final int MAX_TASKS = 100_000;
  private static final int PICTURES_PER_TASK = 32;

  private final SparkSession spark;
  private final PrepareConfig config;
  private final Progress progress;

  public PrepareJob(SparkSession spark, PrepareConfig config, Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.config = Objects.requireNonNull(config, "config");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * @throws MedVolException (INVALID_CONFIG) if the salt is not given, (MALFORMED_DATA) if nothing
   *     could be prepared, no case gives a sample, or more than the configured share was rejected;
   *     the rejected table and the findings are written before
   */
  public PreparationSummary run(String input, OutputFolder output) throws IOException {
    config.requireSalt();
    Folder folder = Folder.open(Storages.here(input), input);
    List<Prepared> prepared = new ArrayList<>();
    List<RejectedVolume> rejected = new ArrayList<>(folder.rejected());
    for (PreparationResult result : folder.prepare(this, output.path())) {
      if (result instanceof Prepared volume) {
        prepared.add(volume);
      } else if (result instanceof RejectedVolume volume) {
        rejected.add(volume);
      }
    }
    rejected.sort(Comparator.comparing(RejectedVolume::caseId));
    RejectedTable.write(output.storage(), output.path(), rejected);
    PreparationSummary summary = PreparationSummary.of(folder.description(), prepared, rejected);
    FindingsFile.write(output.storage(), output.path(), summary.findings());
    requireEnough(prepared.size(), rejected, output.path());
    summary.requireSamples();
    PreparedDataset.commit(output.storage(), output.path(), folder.description(), prepared);
    return summary;
  }

  /** What a folder holds, whatever its layout. */
  private record Folder(
      FolderDescription description,
      List<DatasetCase> volumes,
      List<PictureCase> pictures,
      List<RejectedVolume> rejected) {
    static Folder open(Storage storage, String path) throws IOException {
      boolean described = storage.exists(Storage.join(path, DatasetFolder.DESCRIPTION_FILE));
      if (!described && OmniMedVqaFolder.isAt(storage, path)) {
        OmniMedVqaFolder folder = OmniMedVqaFolder.open(storage, path);
        FolderDescription description =
            new FolderDescription("omnimedvqa", Map.of(), List.of(), Map.of());
        return new Folder(description, List.of(), folder.cases(), folder.rejected());
      }
      DatasetFolder folder = DatasetFolder.open(storage, path);
      return new Folder(folder.description(), folder.cases(), List.of(), folder.rejected());
    }

    List<PreparationResult> prepare(PrepareJob job, String output) {
      List<PreparationResult> results = new ArrayList<>();
      results.addAll(job.prepare(volumes, 1, new PrepareTask(job.config, output)));
      results.addAll(
          job.prepare(pictures, PICTURES_PER_TASK, new PreparePictureTask(job.config, output)));
      return results;
    }
  }

  private <C> List<PreparationResult> prepare(
      List<C> cases, int perTask, Function<C, PreparationResult> task) {
    if (cases.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = Math.min(1 + (cases.size() - 1) / perTask, MAX_TASKS);
    TaskProgress listener = new TaskProgress(progress, tasks);
    progress.begin("Preparing");
    context.sc().addSparkListener(listener);
    context.setJobGroup("medvol-prepare", "Prepare " + cases.size() + " cases", true);
    try {
      return context.parallelize(cases, tasks).map(task).collect();
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
            + ForeignText.line(first.caseId())
            + ", "
            + first.reason()
            + ").");
  }
}
