package io.medvol.spark.cli;

import static io.medvol.spark.cli.MachineMemory.gibibytes;

import io.medvol.data.error.MedVolException;
import io.medvol.model.MachineKind;
import io.medvol.model.Policies;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at what every command needs of the machine, one finding each. */
final class Checkup {
  private static final long LEAST_MEMORY = 2L << 30;
  private static final long LEAST_DISK = 2L << 30;
  private static final int OLDEST_JAVA = 17;
  private static final int PATIENCE_MILLIS = 3000;

  private Checkup() {}

  /**
   * @param folder where a run would write
   * @param master a Spark master to reach; null for none
   */
  static List<Finding> of(Path folder, String master) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(nativeLibrary());
    findings.add(threads());
    findings.add(memory());
    findings.add(disk(folder));
    if (master != null) {
      findings.add(master(master));
    }
    return findings;
  }

  private static Finding java() {
    int version = Runtime.version().feature();
    String found =
        "Java "
            + Runtime.version()
            + " with a heap of "
            + gibibytes(Runtime.getRuntime().maxMemory());
    return version >= OLDEST_JAVA
        ? Finding.good(found)
        : Finding.fault(found + ": expected Java " + OLDEST_JAVA + " or later");
  }

  private static Finding nativeLibrary() {
    try {
      Policies.checkTensors();
      return Finding.good("Kind of machine: " + MachineKind.here());
    } catch (MedVolException e) {
      return Finding.fault(e.getMessage());
    }
  }

  private static Finding threads() {
    String set = System.getenv("OMP_NUM_THREADS");
    return Finding.good(
        Runtime.getRuntime().availableProcessors()
            + " processors"
            + (set == null ? "" : ", OMP_NUM_THREADS=" + set));
  }

  private static Finding memory() {
    long available = MachineMemory.available();
    String found =
        gibibytes(available) + " of " + gibibytes(MachineMemory.total()) + " of memory available";
    return available >= LEAST_MEMORY
        ? Finding.good(found)
        : Finding.fault(found + ": expected " + gibibytes(LEAST_MEMORY) + "; end other programs");
  }

  private static Finding disk(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String found = gibibytes(free) + " free in " + existing;
      if (!Files.isWritable(existing)) {
        return Finding.fault(existing + " cannot be written to: choose another --folder");
      }
      return free >= LEAST_DISK
          ? Finding.good(found)
          : Finding.fault(found + ": expected " + gibibytes(LEAST_DISK));
    } catch (IOException e) {
      return Finding.fault("Cannot tell what is free in " + existing + ": " + e.getMessage());
    }
  }

  private static Finding master(String master) {
    if (master.startsWith("local")) {
      return Finding.good("Spark runs inside the command: " + master);
    }
    URI address;
    try {
      address = new URI(master);
    } catch (URISyntaxException e) {
      return Finding.fault("--master " + master + " is no address: expected spark://HOST:PORT");
    }
    if (!"spark".equals(address.getScheme())
        || address.getHost() == null
        || address.getPort() < 1) {
      return Finding.fault(
          "--master " + master + " cannot be tried: expected spark://HOST:PORT or local[N]");
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), PATIENCE_MILLIS);
      return Finding.good("Spark master " + master + " answers");
    } catch (IOException e) {
      return Finding.fault(
          "Spark master "
              + master
              + " does not answer ("
              + e.getMessage()
              + "): is it started, and is the port open?");
    }
  }
}
