package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
  @TempDir private Path temporary;

  private Path make(String name) throws IOException {
    Path folder =
        Files.createDirectories(temporary.resolve(name).resolve("blockmgr-1")).getParent();
    Files.writeString(folder.resolve("blockmgr-1/rdd_0"), "voxels of a patient");
    return folder;
  }

  private List<String> left() throws IOException {
    try (Stream<Path> folders = Files.list(temporary)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theFolderGoesWithItsProcessAndWithItThoseOfProcessesThatAreGone() throws IOException {
    Path own = make("medvol-work-own");
    Files.writeString(make("medvol-work-killed").resolve("alive"), "");
    Path old = make("medvol-work-old");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    make("medvol-work-starting");
    make("others");
    Files.createSymbolicLink(temporary.resolve("medvol-work-link"), temporary.resolve("others"));
    ScratchFolder living = ScratchFolder.take(make("medvol-work-living"));
    ScratchFolder scratch = ScratchFolder.take(own);
    assertThat(left())
        .containsExactly(
            "medvol-work-link",
            "medvol-work-living",
            "medvol-work-own",
            "medvol-work-starting",
            "others");
    scratch.close();
    living.close();
    assertThat(left()).containsExactly("medvol-work-link", "medvol-work-starting", "others");
    assertThat(temporary.resolve("others/blockmgr-1/rdd_0")).exists();
  }

  @Test
  void aTemporaryFolderOfTheUsersIsLeftAlone() throws IOException {
    Path own = make("chosen");
    Files.writeString(make("medvol-work-killed").resolve("alive"), "");
    ScratchFolder.take(own).close();
    assertThat(left()).containsExactly("chosen", "medvol-work-killed");
  }
}
