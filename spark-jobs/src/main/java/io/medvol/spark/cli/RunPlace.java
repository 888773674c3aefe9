package io.medvol.spark.cli;

import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.run.LeasedStorage;
import io.medvol.grpo.run.RunLease;
import io.medvol.grpo.run.RunLock;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.session.SparkSessions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A run directory that is this run's alone: by a lock of the operating system on a local disk, by a
 * lease elsewhere.
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
      RunLock lock = RunLock.acquire(Path.of(directory));
      return new RunPlace(new LocalStorage(), lock::close);
    }
    Storage remote = SparkSessions.storage(directory, spark);
    RunLease lease = RunLease.acquire(remote, directory, BEAT);
    return new RunPlace(new LeasedStorage(remote, lease), lease::close);
  }

  Storage storage() {
    return storage;
  }

  @Override
  public void close() {
    release.run();
  }
}
