package io.medvol.spark.cli;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.run.LeasedStorage;
import io.medvol.grpo.run.RunLease;
import io.medvol.grpo.run.RunLock;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.session.SparkSessions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * A run directory, or the folder of a prepared data set, that is this run's alone: by a lock of the
 * operating system on a local disk, by a lease elsewhere.
 */
final class RunPlace implements AutoCloseable {
  private static final Duration BEAT = Duration.ofSeconds(5);

  private final Storage storage;
  private final Runnable release;

  private RunPlace(Storage storage, Runnable release) {
    this.storage = storage;
    this.release = release;
  }

  /**
   * @throws io.medvol.data.error.MedVolException RESOURCE if another run holds it, or it cannot be
   *     written
   */
  static RunPlace take(String directory, SparkConfig spark) {
    if (!Storages.isRemote(directory)) {
      RunLock lock = RunLock.acquire(Path.of(URI.create(Storages.uri(directory))));
      return new RunPlace(new LocalStorage(), lock::close).cleaned(directory);
    }
    Storage remote = SparkSessions.storage(directory, spark);
    RunLease lease = RunLease.acquire(remote, directory, BEAT);
    return new RunPlace(new LeasedStorage(remote, lease), lease::close).cleaned(directory);
  }

  /** What a killed run left half written may hold patients' data, and nobody else removes it. */
  private RunPlace cleaned(String directory) {
    try {
      storage.deleteUnfinished(directory, Set.of(RunLock.FILE, RunLease.FOLDER));
      return this;
    } catch (IOException e) {
      release.run();
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Unfinished files of an earlier run in "
              + directory
              + " cannot be removed: "
              + e.getMessage()
              + ". Remove them, or give another folder.",
          e);
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
  }

  Storage storage() {
    return storage;
  }

  @Override
  public void close() {
    release.run();
  }
}
