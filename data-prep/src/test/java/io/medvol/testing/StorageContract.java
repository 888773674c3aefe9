package io.medvol.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Storage} does; a test of an implementation extends it. */
public abstract class StorageContract {
  protected abstract Storage storage();

  /** An empty folder of this test's own, without a slash at its end. */
  protected abstract String root();

  private String path(String name) {
    return Storage.join(root(), name);
  }

  private void write(String name, String content) throws IOException {
    try (OutputStream out = storage().create(path(name))) {
      out.write(content.getBytes(UTF_8));
    }
  }

  private String read(String name) throws IOException {
    return new String(storage().readAll(path(name), 1 << 20), UTF_8);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    byte[] content = new byte[300_000];
    new Random(7).nextBytes(content);
    try (OutputStream out = storage().create(path("a/b/c.bin"))) {
      out.write(content, 0, 100_000);
      out.write(content[100_000]);
      out.write(content, 100_001, content.length - 100_001);
    }
    try (InputStream in = storage().open(path("a/b/c.bin"))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(storage().length(path("a/b/c.bin"))).isEqualTo(content.length);
  }

  @Test
  void aFileAppearsWhenItIsClosed() throws IOException {
    try (OutputStream out = storage().create(path("late.txt"))) {
      out.write("x".getBytes(UTF_8));
      out.flush();
      assertThat(storage().exists(path("late.txt"))).isFalse();
      assertThat(storage().list(root())).doesNotContain("late.txt");
    }
    assertThat(storage().exists(path("late.txt"))).isTrue();
  }

  @Test
  void writingAgainReplaces() throws IOException {
    write("a.txt", "first, and longer");
    write("a.txt", "second");
    assertThat(read("a.txt")).isEqualTo("second");
  }

  @Test
  void commitReplacesAsAWhole() throws IOException {
    storage().commit(path("new/manifest.json"), "one".getBytes(UTF_8));
    storage().commit(path("new/manifest.json"), "two".getBytes(UTF_8));
    assertThat(read("new/manifest.json")).isEqualTo("two");
    assertThat(storage().list(path("new"))).containsExactly("manifest.json");
  }

  @Test
  void concurrentCommitsLeaveOneOfThem() throws Exception {
    List<String> contents = IntStream.range(0, 8).mapToObj(i -> ("" + i).repeat(5000)).toList();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<Object>> commits =
          contents.stream()
              .map(
                  content ->
                      pool.submit(
                          () -> {
                            storage().commit(path("contested"), content.getBytes(UTF_8));
                            return null;
                          }))
              .toList();
      for (Future<Object> commit : commits) {
        commit.get();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(read("contested")).isIn(contents);
    assertThat(storage().list(root())).containsExactly("contested");
  }

  @Test
  void theChannelReadsAnywhere() throws IOException {
    write("digits", "0123456789");
    try (SeekableByteChannel channel = storage().openChannel(path("digits"))) {
      assertThat(channel.size()).isEqualTo(10);
      ByteBuffer two = ByteBuffer.allocate(2);
      channel.position(7);
      while (two.hasRemaining() && channel.read(two) >= 0) {
        assertThat(two.position()).isPositive();
      }
      assertThat(two.array()).isEqualTo("78".getBytes(UTF_8));
      assertThat(channel.position()).isEqualTo(9);
      channel.position(0);
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(channel.read(one)).isEqualTo(1);
      assertThat(one.array()).isEqualTo("0".getBytes(UTF_8));
      channel.position(10);
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void namesAreListedInOrder() throws IOException {
    for (String name :
        List.of("list/b", "list/a", "list/C", "list/sub/x", "list/name with space")) {
      write(name, "");
    }
    assertThat(storage().list(path("list")))
        .containsExactly("C", "a", "b", "name with space", "sub");
    assertThat(storage().list(path("absent"))).isEmpty();
  }

  @Test
  void deletingRemovesWholeFoldersAndIgnoresWhatIsAbsent() throws IOException {
    write("gone/a/b", "x");
    write("kept", "x");
    storage().delete(path("gone"));
    storage().delete(path("never"));
    assertThat(storage().exists(path("gone"))).isFalse();
    assertThat(storage().exists(path("gone/a/b"))).isFalse();
    storage().delete(path("kept"));
    assertThat(storage().list(root())).isEmpty();
  }

  @Test
  void anAbsentFileIsTheUsersToPutRight() {
    for (Access access :
        List.<Access>of(
            p -> storage().open(p).close(),
            p -> storage().openChannel(p).close(),
            p -> storage().length(p))) {
      assertThatThrownBy(() -> access.to(path("absent.nii")))
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("absent.nii")
          .hasMessageContaining("does not exist");
    }
  }

  @Test
  protected void aFileInPlaceOfTheOutputFolderIsAResourceFailure() throws IOException {
    write("taken", "x");
    assertThatThrownBy(() -> storage().create(path("taken/below/out")).close())
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE))
        .hasMessageContaining("taken");
  }

  @Test
  void lengthsAreThoseOfTheFilesDirectlyBelow() throws IOException {
    write("sized/one", "1");
    write("sized/three", "123");
    write("sized/below/two", "12");
    assertThat(storage().lengths(path("sized"))).isEqualTo(Map.of("one", 1L, "three", 3L));
    assertThat(storage().lengths(path("absent"))).isEmpty();
  }

  @Test
  void theVersionChangesWithTheFile() throws IOException {
    write("versioned", "one");
    String first = storage().version(path("versioned"));
    assertThat(storage().version(path("versioned"))).isEqualTo(first);
    write("versioned", "four");
    assertThat(storage().version(path("versioned"))).isNotEqualTo(first);
  }

  @Test
  void whatAKilledWriterLeftIsRemovedButNotWhatIsFinishedOrSomebodyElses() throws IOException {
    String draft = ".scan.6b1e8a52-0000-4000-8000-000000000000.medvol-unfinished";
    for (String name : List.of("whole", "own/" + draft, "own/whole", "other/run.lock")) {
      write("dirty/" + name, "x");
    }
    write("dirty/other/" + draft, "x");
    storage().deleteUnfinished(path("dirty"), Set.of("run.lock"));
    storage().deleteUnfinished(path("absent"), Set.of());
    assertThat(storage().exists(path("dirty/own/" + draft))).isEqualTo(keepsDrafts());
    assertThat(storage().exists(path("dirty/other/" + draft))).isTrue();
    assertThat(storage().exists(path("dirty/own/whole"))).isTrue();
    assertThat(storage().exists(path("dirty/whole"))).isTrue();
  }

  /** Whether a draft's name means nothing here, as on object stores, which have no drafts. */
  protected boolean keepsDrafts() {
    return false;
  }

  @Test
  void readingAllIsBounded() throws IOException {
    write("ten", "0123456789");
    assertThat(storage().readAll(path("ten"), 10)).hasSize(10);
    assertThatThrownBy(() -> storage().readAll(path("ten"), 9))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("longer than the 9 bytes");
  }

  private interface Access {
    void to(String path) throws IOException;
  }
}
