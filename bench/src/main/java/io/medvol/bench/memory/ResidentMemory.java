package io.medvol.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process as Linux counts it: anonymous and of mapped files. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** Bytes now. */
  public static long now() throws IOException {
    return value("VmRSS:");
  }

  /** Most bytes since the start or {@link #forgetPeak}. */
  public static long peak() throws IOException {
    return value("VmHWM:");
  }

  /** Bytes that belong to no file. */
  public static long anonymous() throws IOException {
    return value("RssAnon:");
  }

  /** Begins a new peak with what is resident now. */
  public static void forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
  }

  private static long value(String key) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException(STATUS + " has no " + key);
  }
}
