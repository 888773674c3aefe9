package io.medvol.bench.policy;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Wall-clock seconds by part, and what the process used. */
final class Meter {
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  <T> T time(String part, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    seconds.merge(part, (System.nanoTime() - start) / 1e9, Double::sum);
    return result;
  }

  double seconds(String part) {
    return seconds.getOrDefault(part, 0.0);
  }

  void reset() {
    seconds.clear();
  }

  /** Processor time of all threads. */
  static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** The largest resident memory so far, in MiB. */
  static long peakResidentMebibytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
