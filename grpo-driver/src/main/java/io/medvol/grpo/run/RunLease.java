package io.medvol.grpo.run;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second run out of a run directory where no operating system holds a lock, such as an
 * object store. Each holder makes {@code run.lease/NNNNNN} with a number one higher than any before
 * it, which storage allows one caller only, and writes into it again and again; a lease whose
 * content stands still for three such times is over. No clock is compared with another.
 *
 * <p>A holder that was taken for dead finds the higher number: from then on {@link #requireHeld}
 * throws. Thread-safe.
 */
public final class RunLease implements AutoCloseable {
  /** Name of the folder of the leases. */
  public static final String FOLDER = "run.lease";

  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
  private static final Pattern NAME = Pattern.compile("[0-9]{6,9}");
  private static final String RELEASED = "released";
  private static final int MISSED_BEATS = 3;
  private static final int LONGEST = 200;

  private final Storage storage;
  private final String folder;
  private final String runDirectory;
  private final int number;
  private final String holder = ProcessHandle.current().pid() + " " + UUID.randomUUID();
  private final ScheduledExecutorService pulse;
  private long beats;
  private volatile boolean lost;

  private RunLease(Storage storage, String runDirectory, int number) {
    this.storage = storage;
    this.runDirectory = runDirectory;
    this.folder = Storage.join(runDirectory, FOLDER);
    this.number = number;
    this.pulse =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "run-lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Waits, if there is a lease of a run that did not end, until it is known to be over.
   *
   * @param beat time between two writes of a holder
   * @throws MedVolException RESOURCE if another run holds the directory or it cannot be written
   */
  public static RunLease acquire(Storage storage, String runDirectory, Duration beat) {
    String folder = Storage.join(runDirectory, FOLDER);
    try {
      Optional<Integer> newest = newest(storage, folder);
      if (newest.isPresent() && alive(storage, path(folder, newest.get()), beat)) {
        throw held(runDirectory);
      }
      RunLease lease = new RunLease(storage, runDirectory, newest.orElse(0) + 1);
      if (!storage.commitNew(lease.path(), lease.content())) {
        lease.pulse.shutdown();
        throw held(runDirectory);
      }
      lease.pulse.scheduleAtFixedRate(
          lease::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
      newest.ifPresent(lease::forget);
      return lease;
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Cannot write the run directory "
              + runDirectory
              + ": "
              + e.getMessage()
              + ". Give a directory that this user may write.",
          e);
    }
  }

  /** Throws if another run took the directory over; called before anything is written there. */
  public void requireHeld() {
    if (lost) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Another run has taken over "
              + runDirectory
              + ", since this one gave no sign of life for too long; this one ends.");
    }
  }

  /** Leaves the lease as over, so that the next run need not wait. */
  @Override
  public void close() {
    pulse.shutdownNow();
    if (!lost) {
      try {
        storage.commit(path(), RELEASED.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        LOG.warn("The lease {} was not released; the next run will wait for its end", path(), e);
      }
    }
  }

  private void beat() {
    try {
      if (newest(storage, folder).orElse(number) > number) {
        lost = true;
        pulse.shutdown();
        return;
      }
      storage.commit(path(), content());
    } catch (IOException | MedVolException e) {
      LOG.warn("The lease {} could not be renewed", path(), e);
    }
  }

  private void forget(int over) {
    try {
      storage.delete(path(folder, over));
    } catch (IOException e) {
      LOG.warn("The lease {} is over but could not be removed", path(folder, over), e);
    }
  }

  private static boolean alive(Storage storage, String path, Duration beat) throws IOException {
    String before = text(storage, path);
    if (before.equals(RELEASED)) {
      return false;
    }
    LOG.warn("{} is the lease of a run that did not end; waiting for a sign of life", path);
    for (int beats = 0; beats < 2 * MISSED_BEATS; beats++) {
      try {
        TimeUnit.MILLISECONDS.sleep(beat.toMillis() / 2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
      if (!text(storage, path).equals(before)) {
        return !text(storage, path).equals(RELEASED);
      }
    }
    return false;
  }

  private static String text(Storage storage, String path) throws IOException {
    return new String(storage.readAll(path, LONGEST), StandardCharsets.UTF_8);
  }

  private static Optional<Integer> newest(Storage storage, String folder) throws IOException {
    List<String> names = storage.list(folder);
    return names.stream()
        .filter(name -> NAME.matcher(name).matches())
        .map(Integer::valueOf)
        .max(Comparator.naturalOrder());
  }

  private static MedVolException held(String runDirectory) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Another run is writing to "
            + runDirectory
            + ". Wait for it to end, or give another run directory.");
  }

  private byte[] content() {
    beats++;
    return (holder + " " + beats).getBytes(StandardCharsets.UTF_8);
  }

  private String path() {
    return path(folder, number);
  }

  private static String path(String folder, int number) {
    return Storage.join(folder, String.format(Locale.ROOT, "%06d", number));
  }
}
