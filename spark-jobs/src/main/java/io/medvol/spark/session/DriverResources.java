package io.medvol.spark.session;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;

/**
 * What Spark needs of the driver's machine; where it is lacking, Spark ends the process unasked.
 */
final class DriverResources {
  /** Below it Spark refuses to start: one and a half times what it keeps for itself. */
  private static final long LEAST_HEAP = 450L << 20;

  private static final int PROBE_BYTES = 2 << 20;

  private DriverResources() {}

  /**
   * @throws MedVolException RESOURCE if the heap is too small or no folder for temporary files can
   *     be written
   */
  static void require(SparkConf conf) {
    requireHeap(Runtime.getRuntime().maxMemory());
    requireFolders(conf);
  }

  static void requireHeap(long bytes) {
    if (bytes < LEAST_HEAP) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "The Java heap has "
              + (bytes >> 20)
              + " MiB, and Spark needs "
              + (LEAST_HEAP >> 20)
              + " MiB; set MEDVOL_HEAP to at least 512m, better 2g, or give the container more"
              + " memory.");
    }
  }

  /** Of Spark's own folders one is enough; that of Java is used by every library. */
  private static void requireFolders(SparkConf conf) {
    String own = System.getProperty("java.io.tmpdir");
    failure(own)
        .ifPresent(
            reason -> {
              throw new MedVolException(
                  ErrorCode.RESOURCE,
                  "The folder for temporary files cannot be used ("
                      + reason
                      + "); free space there, or name another by TMPDIR.");
            });
    Set<String> folders = new LinkedHashSet<>(List.of(Utils.getConfiguredLocalDirs(conf)));
    List<String> reasons = new ArrayList<>();
    for (String folder : folders) {
      Optional<String> reason = failure(folder);
      if (reason.isEmpty()) {
        return;
      }
      reasons.add(reason.get());
    }
    throw new MedVolException(
        ErrorCode.RESOURCE,
        "No folder for Spark's temporary files can be used ("
            + String.join("; ", reasons)
            + "); name another by SPARK_LOCAL_DIRS or spark.local.dir.");
  }

  private static Optional<String> failure(String folder) {
    try {
      Path at = Path.of(folder);
      if (!Files.isDirectory(at)) {
        Files.createDirectories(at);
      }
      Path probe = Files.createTempFile(at, "medvol-", ".probe");
      try {
        Files.write(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.delete(probe);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(folder + ": " + reason(e));
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException || failure instanceof FileAlreadyExistsException) {
      return "it is no folder and cannot be made one";
    }
    return failure instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : failure.getMessage();
  }
}
