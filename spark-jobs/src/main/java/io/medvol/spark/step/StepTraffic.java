package io.medvol.spark.step;

import io.medvol.data.storage.Storage;
import java.util.Objects;
import java.util.Optional;

/**
 * How policies and gradients travel between the driver and the executors; whichever way, they
 * arrive with the same bytes.
 *
 * @param mostCollectedBytes what the parts' gradients may take together to be added by the driver;
 *     larger ones are added by tasks
 * @param mostBroadcastBytes what a policy's parameters may take to be broadcast where there is a
 *     folder; larger ones are written there, and executors read them by path and digest
 * @param folder for large policies; without one, policies of every size are broadcast
 */
public record StepTraffic(
    long mostCollectedBytes, long mostBroadcastBytes, Optional<PolicyFolder> folder) {
  /**
   * Where they fit, collecting gradients is faster (bench/README.md), and a broadcast needs no
   * storage that executors reach; Spark refuses results beyond spark.driver.maxResultSize, 1 GiB,
   * and the blocks of a broadcast stay in the driver's memory beside the policy.
   */
  private static final long LARGE = 512L << 20;

  public StepTraffic {
    Objects.requireNonNull(folder, "folder");
  }

  /**
   * A folder that every executor reaches and nothing else writes to; what is in it is removed.
   *
   * @param storage by which the driver writes
   * @param path that leads there from every executor
   */
  public record PolicyFolder(Storage storage, String path) {
    public PolicyFolder {
      Objects.requireNonNull(storage, "storage");
      Objects.requireNonNull(path, "path");
    }
  }

  /** Policies are broadcast whatever their size. */
  public static StepTraffic inMemory() {
    return new StepTraffic(LARGE, LARGE, Optional.empty());
  }

  /** Large policies travel through a folder. */
  public static StepTraffic through(Storage storage, String path) {
    return new StepTraffic(LARGE, LARGE, Optional.of(new PolicyFolder(storage, path)));
  }
}
