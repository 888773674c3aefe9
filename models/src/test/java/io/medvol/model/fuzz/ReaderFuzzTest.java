package io.medvol.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.fuzz.ReaderFuzz.Outcome;
import io.medvol.model.fuzz.ReaderFuzz.Reader;
import io.medvol.model.fuzz.ReaderFuzz.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A short run; the long one is a run of the benchmarks. */
class ReaderFuzzTest {
  private static final int FILES_PER_WEIGHT = 1;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  /** So that damage, and not the seed, is what a reader refuses. */
  @Test
  void everySeedIsAcceptedAsItIs() throws IOException {
    try (ReaderTargets targets = new ReaderTargets(folder)) {
      for (Target target : targets.all()) {
        Outcome outcome = ReaderFuzz.read(target, target.original());
        assertThat(outcome.kind()).as(target.file().toString()).isEqualTo("accepted");
        assertThat(outcome.broken()).as(target.file().toString()).isEmpty();
      }
    }
  }

  /** A reader that counts on its file being sound is found out within a few of them. */
  @Test
  void aReaderThatTrustsItsFileIsFound() throws IOException {
    Path file = folder.resolve("trusted");
    byte[] sound = ByteBuffer.allocate(12).putInt(8).putLong(7).array();
    Target trusting =
        new Target(
            "trusting",
            file,
            sound,
            List.of(),
            1,
            () -> {
              ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
              bytes.get(new byte[bytes.getInt()]);
            });
    assertThat(ReaderFuzz.read(trusting, sound).broken()).isEmpty();
    ReaderFuzz fuzz = new ReaderFuzz(7);
    int broken = 0;
    for (int i = 0; i < 100; i++) {
      broken += fuzz.once(trusting).broken().isPresent() ? 1 : 0;
    }
    assertThat(broken).isGreaterThan(10);
  }

  static Stream<Arguments> brokenPromises() {
    return Stream.of(
        promise("untyped", "IndexOutOfBounds", () -> List.of().get(0)),
        promise("too deep", "StackOverflowError", () -> sum(1)),
        promise(
            "too much memory",
            "allocated",
            () ->
                assertThat(IntStream.range(0, 64).map(i -> new byte[1 << 20].length).sum())
                    .isPositive()),
        promise(
            "too long",
            "processor time",
            () -> {
              long start = THREADS.getCurrentThreadCpuTime();
              while (THREADS.getCurrentThreadCpuTime() - start < 10_100_000_000L) {
                Thread.onSpinWait();
              }
            }),
        promise("no sentence", "says no more than", () -> refuse("bad")),
        promise(
            "no name", "says no more than", () -> refuse("null: cannot be read at all, sorry")));
  }

  private static Arguments promise(String name, String found, Reader reader) {
    return Arguments.of(name, found, reader);
  }

  private static long sum(long depth) {
    return depth < 0 ? 0 : depth + sum(depth + 1);
  }

  private static void refuse(String message) {
    throw new MedVolException(ErrorCode.MALFORMED_DATA, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenPromises")
  void eachBrokenPromiseIsFoundAndNamed(String name, String found, Reader reader)
      throws IOException {
    Target target =
        new Target(name, folder.resolve("any"), new byte[] {1, 2, 3}, List.of(), 1, reader);
    Outcome outcome = ReaderFuzz.read(target, target.original());
    assertThat(outcome.broken()).isPresent().get(STRING).contains(found);
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFilesAreAcceptedOrRefusedInASentence() throws IOException {
    ReaderFuzz fuzz = new ReaderFuzz(7);
    try (ReaderTargets targets = new ReaderTargets(folder)) {
      for (Target target : targets.all()) {
        for (int i = 0; i < target.weight() * FILES_PER_WEIGHT; i++) {
          Outcome outcome = fuzz.once(target);
          assertThat(outcome.broken()).as(target.name() + ", file " + i).isEmpty();
        }
      }
    }
  }
}
