package io.medvol.spark.job;

import io.medvol.data.dataset.DatasetCase;
import io.medvol.data.dataset.PreparationResult;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.dataset.VolumePreparer;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.util.Objects;
import org.apache.spark.api.java.function.Function;

/** Prepares one case where the task runs. */
final class PrepareTask implements Function<DatasetCase, PreparationResult> {
  private static final long serialVersionUID = 1L;

  private final PrepareConfig config;
  private final String output;

  PrepareTask(PrepareConfig config, String output) {
    this.config = Objects.requireNonNull(config, "config");
    this.output = Objects.requireNonNull(output, "output");
  }

  @Override
  public PreparationResult call(DatasetCase scan) throws IOException {
    return new VolumePreparer(
            Storages.here(scan.imagePath()), Storages.here(output), output, config)
        .prepare(scan);
  }
}
