package io.medvol.spark.hadoop;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A model folder on this machine's disk.
 *
 * @param folder where it lies here
 * @param digest SHA-256 of its files if they were copied here; empty if this is the place they were
 *     asked for at
 */
public record LocalModel(Path folder, String digest) {
  public LocalModel {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(digest, "digest");
  }
}
