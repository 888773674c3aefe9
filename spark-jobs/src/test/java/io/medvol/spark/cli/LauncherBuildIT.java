package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./medvol} says while it builds, by a Maven that only speaks. */
class LauncherBuildIT {
  private static final String SPOKEN =
      """
      mvnw: fetching Maven 3.9.11 from https://repo.example/apache-maven-3.9.11-bin.zip
      [INFO] Scanning for projects...
      [INFO] Downloading from central: https://repo.example/small/1.0/small-1.0.pom
      [INFO] Downloaded from central: https://repo.example/small/1.0/small-1.0.pom (2.5 kB at 31 kB/s)
      [INFO] Downloaded from central: https://repo.example/torch/2.7.1/torch-2.7.1.jar (125 MB at 12 MB/s)
      [INFO] ---------------------------< io.medvol:data-prep >---------------------------
      [INFO] Building data-prep 0.1.0                                           [2/7]
      [INFO] Building jar: /project/data-prep/target/data-prep-0.1.0.jar
      [WARNING] something of a plugin
          (see https://repo.example/advice)
      [INFO] Building spark-jobs 0.1.0                                          [7/7]
      """;

  @TempDir private Path folder;

  @Test
  void aBuildIsALineForEachModuleAndForWhatIsFetched() throws Exception {
    Launcher.Result result = Launcher.at(project("", 0), folder).run("--version");
    assertThat(result.err().lines())
        .containsExactly(
            "medvol: building, since it is not built yet (the first time this also fetches about"
                + " 550 MB of libraries) ...",
            "mvnw: fetching Maven 3.9.11 from https://repo.example/apache-maven-3.9.11-bin.zip",
            "  fetched 2 files, 125 MB, the last torch-2.7.1.jar",
            "  [2/7] data-prep",
            "  [7/7] spark-jobs",
            "medvol: it was built, and still it is not built yet; try ./mvnw clean in "
                + folder.resolve("project")
                + ".");
    assertThat(result.status()).isEqualTo(4);
  }

  @Test
  void aBuildThatFailsSaysWhyAndIsStatusFour() throws Exception {
    Launcher.Result result =
        Launcher.at(project("[ERROR] there is no such symbol\n", 1), folder).run("--version");
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.err())
        .contains("[ERROR] there is no such symbol\n", "medvol: the build failed; see")
        .doesNotContain("[INFO]", "[WARNING]");
  }

  private Path project(String more, int status) throws IOException {
    Path root = Files.createDirectory(folder.resolve("project"));
    Files.createDirectory(root.resolve("spark-jobs"));
    Files.copy(Launcher.root().resolve("medvol"), root.resolve("medvol"));
    Files.writeString(root.resolve("spoken"), SPOKEN + more);
    Files.writeString(root.resolve("mvnw"), "cat spoken\nexit " + status + "\n");
    return root;
  }
}
