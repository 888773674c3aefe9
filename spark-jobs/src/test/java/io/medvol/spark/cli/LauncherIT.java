package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./medvol} says of the machine it is run on. */
class LauncherIT {
  private static final String NAMELESS_USER = "54321";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"8GB", "-1", "lots", "999999999g", "1"})
  void aHeapThatJavaCannotMakeIsStatusFour(String heap) throws Exception {
    refuses(Launcher.in(folder).with("MEDVOL_HEAP", heap).run("--version"), "MEDVOL_HEAP is '");
  }

  @ParameterizedTest
  @ValueSource(strings = {"64m", "300m"})
  void aHeapThatSparkCannotUseIsStatusFour(String heap) throws Exception {
    Path scans = new SmallRuns(folder).scans();
    refuses(
        Launcher.in(folder)
            .with("MEDVOL_HEAP", heap)
            .run(SmallRuns.prepare(scans, folder.resolve("shards"))),
        "set MEDVOL_HEAP to at least 512m");
  }

  @Test
  void aColonInThePathOfTheCheckoutIsStatusFour() throws Exception {
    Path root = folder.resolve("project:2026");
    Files.createSymbolicLink(root, Launcher.root());
    refuses(Launcher.at(root, folder).run("--version"), "has a ':' in it");
  }

  @Test
  void aFolderThatIsGoneIsStatusFour() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Launcher launcher = Launcher.in(gone).by("sh", "-c", "rmdir \"$PWD\"; exec \"$0\" \"$@\" 2>&1");
    Launcher.Result result = launcher.run("--version");
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.out()).contains("the folder you are in has been removed");
  }

  @Test
  void namesOfFilesAreReadInAnyLocale() throws Exception {
    Path scans = new SmallRuns(folder).scans();
    Path accented = Files.move(scans, folder.resolve("Müller_日本"));
    Path shards = folder.resolve("é-日本");
    Launcher.Result result =
        Launcher.in(folder)
            .with("LC_ALL", "C")
            .with("LANG", null)
            .run(SmallRuns.prepare(accented, shards));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("é-日本");
    assertThat(shards.resolve("manifest.json")).exists();
  }

  @Test
  void aUserWithoutANameTrains() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
    assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "setpriv is not on this machine");
    SmallRuns runs = new SmallRuns(folder);
    Path shards = runs.shards();
    Path model = runs.model();
    Path installed = installed();
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    open(folder);
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwxrwx"));
    Launcher launcher =
        Launcher.at(installed, theirs)
            .with("HOME", null)
            .with("DJL_CACHE_DIR", null)
            .by("setpriv", "--reuid", NAMELESS_USER, "--regid", NAMELESS_USER, "--clear-groups");
    Launcher.Result prepared =
        launcher.run(SmallRuns.prepare(runs.folder().resolve("scans"), theirs.resolve("shards")));
    assertThat(prepared.err()).isEmpty();
    assertThat(prepared.status()).isZero();
    Launcher.Result trained = launcher.run(SmallRuns.grpo(shards, model, theirs.resolve("run")));
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
    refuses(
        launcher.run(
            SmallRuns.grpo(
                shards, model, theirs.resolve("other"), "--master", "local-cluster[1,1,1024]")),
        "need a user with a name");
  }

  @Test
  void foldersOfSparkThatCannotBeUsedAreStatusFour() throws Exception {
    Path scans = new SmallRuns(folder).scans();
    refuses(
        Launcher.in(folder)
            .with("SPARK_LOCAL_DIRS", "/proc/absent")
            .run(SmallRuns.prepare(scans, folder.resolve("shards"))),
        "No folder for Spark's temporary files can be used (/proc/absent: ");
    refuses(
        Launcher.in(folder)
            .with("MEDVOL_JAVA_OPTS", "-Djava.io.tmpdir=/proc/absent")
            .run(SmallRuns.prepare(scans, folder.resolve("shards"))),
        "The folder for temporary files cannot be used (/proc/absent: ");
    refuses(
        Launcher.in(folder).with("TMPDIR", "/proc/absent").run("--version"),
        "/proc/absent cannot take temporary files");
  }

  @Test
  void aCacheOfTheNativeLibraryThatCannotBeWrittenIsStatusFour() throws Exception {
    SmallRuns runs = new SmallRuns(folder);
    refuses(
        Launcher.in(folder)
            .with("DJL_CACHE_DIR", "/proc/absent")
            .run(SmallRuns.grpo(runs.shards(), runs.model(), folder.resolve("run"))),
        "DJL_CACHE_DIR");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "yarn; 2; run MASTER=yarn deploy/spark-submit.sh",
        "spark://localhost:1; 4; does not answer (Connection refused)",
        "local-cluster[1,1,512]; 2; raise the first or lower the second"
      })
  void aMasterThatCannotBeUsedIsOneSentence(String master, int status, String said)
      throws Exception {
    Path scans = new SmallRuns(folder).scans();
    Launcher.Result result =
        Launcher.in(folder)
            .run(SmallRuns.prepare(scans, folder.resolve("shards"), "--master", master));
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).contains(said);
  }

  @Test
  void aRewardOnTheClassPathIsFound() throws Exception {
    SmallRuns runs = new SmallRuns(folder);
    Path run = folder.resolve("run");
    Launcher.Result result =
        Launcher.in(folder)
            .with("MEDVOL_CLASSPATH", RewardJar.write(folder).toString())
            .run(
                SmallRuns.grpo(
                    runs.shards(),
                    runs.model(),
                    run,
                    "--set",
                    "rewards.weights={format: 0.5, " + RewardJar.CLASS + ": 0.5}"));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Files.readString(run.resolve("metrics.jsonl")))
        .contains("rewards/" + RewardJar.CLASS + "/mean");
    refuses(
        Launcher.in(folder).with("MEDVOL_CLASSPATH", "/absent.jar").run("--version"),
        "MEDVOL_CLASSPATH names /absent.jar, which is not there");
  }

  private static void refuses(Launcher.Result result, String said) {
    assertThat(result.status()).as(result.err()).isEqualTo(4);
    assertThat(result.err().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).startsWith("medvol: ").contains(said);
  }

  /** A copy of the launcher and all it needs, where every user can read it. */
  private Path installed() throws IOException {
    Path root = Files.createDirectory(folder.resolve("installed"));
    Path target = Files.createDirectories(root.resolve("spark-jobs/target"));
    Path libraries = Files.createDirectory(root.resolve("lib"));
    Path from = Launcher.root().resolve("spark-jobs/target");
    Files.copy(Launcher.root().resolve("medvol"), root.resolve("medvol"));
    link(from.resolve("medvol.jar"), target.resolve("medvol.jar"));
    List<String> classPath = new ArrayList<>();
    for (String library : Files.readString(from.resolve("provided.classpath")).split(":")) {
      Path there = libraries.resolve(Path.of(library).getFileName());
      link(Path.of(library), there);
      classPath.add(there.toString());
    }
    Files.writeString(target.resolve("provided.classpath"), String.join(":", classPath));
    return root;
  }

  private static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system.
      Files.copy(from, to);
    }
  }

  private static void open(Path folder) throws Exception {
    int status =
        new ProcessBuilder("chmod", "-R", "a+rX", folder.toString()).inheritIO().start().waitFor();
    assertThat(status).isZero();
  }
}
