package io.medvol.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.MalformedVolumeException.Kind;
import io.medvol.testing.Golden;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every broken file is refused by one sentence that names it, soon and cheaply. */
@Tag("parity")
class MalformedNiftiParityTest {
  private static final long MAX_ALLOCATED = 16L << 20;

  @TestFactory
  Stream<DynamicTest> refusesEveryBrokenFile() {
    Path folder = Golden.find("volumes/nifti-malformed").orElse(null);
    Assumptions.assumeTrue(folder != null, "the set holds no malformed NIfTI files");
    JsonNode files = Golden.json(folder.resolve("expected.json"));
    assertThat(files).isNotEmpty();
    return StreamSupport.stream(files.spliterator(), false)
        .map(
            expected -> {
              String file = expected.get("file").asText();
              Kind kind = Kind.valueOf(expected.get("error").asText().toUpperCase(Locale.ROOT));
              return DynamicTest.dynamicTest(
                  file + ": " + expected.get("reason").asText(),
                  () -> refuses(folder.resolve(file), kind));
            });
  }

  private static void refuses(Path file, Kind kind) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    MalformedVolumeException failure =
        Assertions.assertTimeout(
            Duration.ofSeconds(5),
            () -> catchThrowableOfType(MalformedVolumeException.class, () -> read(file)));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.MALFORMED_DATA);
    assertThat(failure.getMessage()).startsWith(file.toString()).hasSizeGreaterThan(20);
    assertThat(failure.getMessage()).doesNotContain("\n");
    assertThat(allocated).isLessThan(MAX_ALLOCATED);
    if (kind == Kind.TRUNCATED && failure.kind() == Kind.HEADER) {
      // A size that no volume can have is refused before the missing bytes are noticed.
      assertThat(failure).hasMessageContaining("voxels");
    } else {
      assertThat(failure.kind()).isEqualTo(kind);
    }
  }

  private static void read(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      new NiftiReader().read(file.toString(), in).toCtVolume();
    }
  }
}
