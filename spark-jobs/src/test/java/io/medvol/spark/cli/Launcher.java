package io.medvol.spark.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./medvol} as a person runs it, as a process of its own. Immutable.
 *
 * @param command the words before the arguments
 * @param cwd where it is run
 * @param environment what differs from this process's; a null value removes a variable
 */
public record Launcher(List<String> command, Path cwd, Map<String, String> environment) {
  static final long PATIENCE_SECONDS = 400;

  /** What it left behind, from its file descriptors. */
  public record Result(int status, String out, String err) {}

  /** That of this checkout. */
  public static Launcher in(Path cwd) {
    return at(root(), cwd);
  }

  /** That of another root. */
  public static Launcher at(Path root, Path cwd) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("MEDVOL_HEAP", "1g");
    environment.put("JAVA_TOOL_OPTIONS", null);
    environment.put("SPARK_HOME", null);
    return new Launcher(List.of(root.resolve("medvol").toString()), cwd, environment);
  }

  public static Path root() {
    return Path.of(System.getProperty("medvol.root"));
  }

  public Launcher with(String variable, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(variable, value);
    return new Launcher(command, cwd, changed);
  }

  /** Run by another program, such as setpriv. */
  public Launcher by(String... program) {
    List<String> whole = new ArrayList<>(List.of(program));
    whole.addAll(command);
    return new Launcher(whole, cwd, environment);
  }

  public Process start(File out, File err, List<String> arguments) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(whole).directory(cwd.toFile()).redirectOutput(out).redirectError(err);
    environment.forEach(
        (variable, value) -> {
          if (value == null) {
            builder.environment().remove(variable);
          } else {
            builder.environment().put(variable, value);
          }
        });
    return builder.start();
  }

  public Result run(String... arguments) throws IOException, InterruptedException {
    return run(List.of(arguments));
  }

  public Result run(List<String> arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("medvol", ".out");
    Path err = Files.createTempFile("medvol", ".err");
    Process process = start(out.toFile(), err.toFile(), arguments);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("medvol did not end: " + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }
}
