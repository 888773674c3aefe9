package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What native libraries write to standard error passes by Java's streams: seen from outside. */
@Tag("numeric")
class QuietSegmentationTest {
  private static final int MOST_LINES = 20;

  @TempDir private Path folder;

  @Test
  void aSegmentationOfTheQuickstartsSizeWritesHardlyAnything()
      throws IOException, InterruptedException {
    Path errors = folder.resolve("errors");
    Path masks = folder.resolve("masks");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Dai.djl.offline=true",
                "-Dmedvol.root=" + System.getProperty("medvol.root"),
                "-cp",
                System.getProperty("java.class.path"),
                SegmentingProcess.class.getName())
            .redirectError(errors.toFile())
            .redirectOutput(masks.toFile())
            .start();

    assertThat(process.waitFor()).as("%s", Files.readString(errors)).isZero();
    assertThat(Files.readAllLines(masks)).hasSize(8).allMatch(one -> Integer.parseInt(one) > 50);
    List<String> lines = Files.readAllLines(errors);
    assertThat(lines).hasSizeLessThan(MOST_LINES);
    assertThat(lines).noneMatch(line -> line.contains("NNPACK"));
  }
}
