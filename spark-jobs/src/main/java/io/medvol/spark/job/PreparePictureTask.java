package io.medvol.spark.job;

import io.medvol.data.dataset.PreparationResult;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.omnimedvqa.PictureCase;
import io.medvol.data.omnimedvqa.PicturePreparer;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.util.Objects;
import org.apache.spark.api.java.function.Function;

/** Prepares one picture where the task runs. */
final class PreparePictureTask implements Function<PictureCase, PreparationResult> {
  private static final long serialVersionUID = 1L;

  private final PrepareConfig config;
  private final String output;

  PreparePictureTask(PrepareConfig config, String output) {
    this.config = Objects.requireNonNull(config, "config");
    this.output = Objects.requireNonNull(output, "output");
  }

  @Override
  public PreparationResult call(PictureCase pictured) throws IOException {
    return new PicturePreparer(
            Storages.here(pictured.path()), Storages.here(output), output, config)
        .prepare(pictured);
  }
}
