package io.medvol.grpo.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLeaseTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir private Path run;
  private final Storage storage = new LocalStorage();

  @Test
  void aSecondRunIsRefusedWhileTheFirstGivesSignsOfLife() {
    RunLease first = RunLease.acquire(storage, run.toString(), SHORT);
    assertThatThrownBy(() -> RunLease.acquire(storage, run.toString(), Duration.ofMillis(500)))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("Another run is writing to " + run)
        .extracting(e -> ((MedVolException) e).code())
        .isEqualTo(ErrorCode.RESOURCE);
    first.requireHeld();
    first.close();
  }

  @Test
  void aReleasedDirectoryIsFreeAtOnce() {
    RunLease.acquire(storage, run.toString(), LONG).close();
    RunLease second = RunLease.acquire(storage, run.toString(), LONG);
    second.requireHeld();
    second.close();
  }

  @Test
  void theLeaseOfARunThatDiedIsTakenOver() throws IOException {
    Path dead = Files.createDirectories(run.resolve("run.lease")).resolve("000003");
    Files.writeString(dead, "1 dead 17");
    RunLease lease = RunLease.acquire(storage, run.toString(), SHORT);
    lease.requireHeld();
    assertThat(dead).doesNotExist();
    lease.close();
  }

  @Test
  void whoWasTakenForDeadMayNoLongerWrite() throws Exception {
    RunLease slow = RunLease.acquire(storage, run.toString(), SHORT);
    storage.commitNew(run + "/run.lease/000009", "other".getBytes(StandardCharsets.UTF_8));
    Storage leased = new LeasedStorage(storage, slow);
    long deadline = System.nanoTime() + LONG.toNanos();
    while (allowed(slow) && System.nanoTime() < deadline) {
      Thread.sleep(SHORT.toMillis());
    }
    assertThatThrownBy(() -> leased.commit(run + "/file", new byte[1]))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("taken over");
    assertThat(run.resolve("file")).doesNotExist();
    slow.close();
    assertThat(run.resolve("run.lease/000009")).hasContent("other");
  }

  private static boolean allowed(RunLease lease) {
    try {
      lease.requireHeld();
      return true;
    } catch (MedVolException e) {
      return false;
    }
  }

  @Test
  void ofManyThatComeAtOnceOneGetsTheDirectory() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Callable<Boolean> writer =
        () ->
            storage.commitNew(
                run + "/only", Thread.currentThread().getName().getBytes(StandardCharsets.UTF_8));
    int written = 0;
    for (Future<Boolean> result : threads.invokeAll(List.of(writer, writer, writer, writer))) {
      written += result.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(written).isEqualTo(1);
    assertThat(storage.list(run.toString())).containsExactly("only");
  }
}
