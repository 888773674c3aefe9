package io.medvol.spark.cli;

import static io.medvol.spark.cli.MachineMemory.gibibytes;

import io.medvol.data.error.MedVolException;
import io.medvol.model.MachineKind;
import io.medvol.model.Policies;
import io.medvol.spark.session.Masters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at what every command needs of the machine, one finding each. */
final class Checkup {
  private static final long LEAST_MEMORY = 2L << 30;
  private static final long LEAST_DISK = 2L << 30;
  private static final int OLDEST_JAVA = 17;

  /** Those that the tests have run the launcher on, from preparing to training. */
  static final List<Integer> TESTED_JAVA = List.of(17, 25);

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
    if (version < OLDEST_JAVA) {
      return Finding.fault(found + ": expected Java " + OLDEST_JAVA + " or later");
    }
    return Finding.good(
        TESTED_JAVA.contains(version)
            ? found + ": a tested version"
            : found + ": not tested; tested are " + TESTED_JAVA);
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
    if (Masters.isLocal(master)) {
      return Finding.good("Spark runs inside the command: " + master);
    }
    try {
      Masters.require(master);
      return Finding.good("Spark master " + master + " answers");
    } catch (MedVolException e) {
      return Finding.fault(e.getMessage());
    }
  }
}
