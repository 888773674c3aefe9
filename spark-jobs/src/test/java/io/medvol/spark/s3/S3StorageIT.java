package io.medvol.spark.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.run.RunLease;
import io.medvol.spark.hadoop.HadoopStorage;
import io.medvol.testing.StorageContract;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The storage port on {@code s3a://}, against a server that speaks S3 over HTTP. */
@EnabledIfSystemProperty(named = S3Server.CLASS_PATH, matches = ".+")
class S3StorageIT extends StorageContract {
  /** Long beside one request: without a pause no reader of two requests can be sure to get one. */
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(20);

  @TempDir private static Path folder;
  private static S3Server server;
  private static Storage storage;

  private final String root = server.uri(UUID.randomUUID().toString());

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder);
    storage = new HadoopStorage(server.configuration());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected Storage storage() {
    return storage;
  }

  @Override
  protected String root() {
    return root;
  }

  @Override
  protected boolean keepsDrafts() {
    return true;
  }

  /** S3 has no folders: whether a key may go on where an object's ends is the server's to say. */
  @Override
  @Test
  protected void aFileInPlaceOfTheOutputFolderIsAResourceFailure() throws IOException {
    storage.commit(root + "/taken", "x".getBytes(UTF_8));
    assertThatThrownBy(() -> storage.commit(root + "/taken/below", "y".getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
    assertThat(storage.readAll(root + "/taken", 10)).isEqualTo("x".getBytes(UTF_8));
  }

  @Test
  void aFileThatIsReplacedAgainAndAgainIsReadAsOneOfItsContents() throws Exception {
    String path = root + "/renewed";
    storage.commit(path, "0".repeat(1000).getBytes(UTF_8));
    AtomicBoolean going = new AtomicBoolean(true);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 1; going.get(); i = (i + 1) % 10) {
                commit(path, ("" + i).repeat(1000));
                LockSupport.parkNanos(BETWEEN_WRITES.toNanos());
              }
            });
    try {
      for (int round = 0; round < 20; round++) {
        String content = new String(storage.readAll(path, 1000), UTF_8);
        assertThat(content).hasSize(1000).isEqualTo(content.substring(0, 1).repeat(1000));
      }
    } finally {
      going.set(false);
      writer.get();
    }
  }

  private static void commit(String path, String content) {
    try {
      storage.commit(path, content.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void ofManyThatWriteAFileThatIsNotThereOneDoes() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        String path = root + "/contested-" + round;
        List<Callable<Boolean>> writers =
            IntStream.range(0, 4)
                .<Callable<Boolean>>mapToObj(
                    writer -> () -> storage.commitNew(path, ("by " + writer).getBytes(UTF_8)))
                .toList();
        int wrote = 0;
        for (Future<Boolean> writer : pool.invokeAll(writers)) {
          wrote += writer.get() ? 1 : 0;
        }
        assertThat(wrote).isEqualTo(1);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void anObjectOfAWriterThatIsGoneIsNotThere() throws IOException {
    OutputStream abandoned = storage.create(root + "/abandoned");
    abandoned.write(new byte[100]);
    abandoned.flush();
    assertThat(storage.list(root)).isEmpty();
    abandoned.close();
    assertThat(storage.list(root)).containsExactly("abandoned");
  }

  @Test
  void aSecondRunOnADirectoryIsRefusedUntilTheFirstHasEnded() {
    Duration beat = Duration.ofMillis(300);
    try (RunLease first = RunLease.acquire(storage, root, beat)) {
      assertThatThrownBy(() -> RunLease.acquire(storage, root, beat))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("Another run is writing to " + root);
      first.requireHeld();
    }
    RunLease.acquire(storage, root, beat).close();
  }
}
