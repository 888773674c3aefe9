package io.medvol.model.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM in which only native memory moves: its heap is resident from the start and never resized,
 * and the allocator keeps nothing.
 */
public final class PinnedProcess {
  private static final String MARK = "measured ";

  private PinnedProcess() {}

  /**
   * Runs the class and gives what it has {@link #report reported}.
   *
   * @throws IOException if it fails; what it wrote to its standard error is part of the message
   */
  public static List<String> run(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("pinned", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "65536");
    List<String> reports = new ArrayList<>();
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          reports.add(line.substring(MARK.length()));
        }
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(main + " ended with " + status + ": " + Files.readString(errors));
      }
      return reports;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("Interrupted", e);
    } finally {
      Files.delete(errors);
    }
  }

  /** Says something to the process that runs this one. */
  public static void report(String line) {
    System.out.println(MARK + line);
  }

  /** Bytes of this process that are resident now. */
  public static long resident() throws IOException {
    return status("VmRSS");
  }

  /** The most that was resident since the last {@link #forgetPeak}. */
  static long peak() throws IOException {
    return status("VmHWM");
  }

  /** Begins a new peak and tells what is resident now. */
  static long forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    return resident();
  }

  private static long status(String what) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(what)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("No " + what);
  }
}
