package io.medvol.spark.hadoop;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.model.directory.ModelDigests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Brings model and adapter folders of other file systems to this machine's disk, from which the
 * networks are mapped into memory. Equal folders are here once, and go with the JVM.
 *
 * <p>Static because Spark gives tasks of one executor nothing else in common. Thread-safe.
 */
public final class LocalModels {
  private static final Pattern WANTED =
      Pattern.compile("[^./][^/]*\\.(?:json|safetensors|txt|jinja)|LICENSE[^/]*");
  private static final Map<String, Path> COPIES = new HashMap<>();

  private LocalModels() {}

  /**
   * The folder as it is now: itself on a local disk, else a copy.
   *
   * @throws MedVolException RESOURCE if it cannot be read or there is no room for it here
   */
  public static Path of(String folder) {
    return Storages.isRemote(folder) ? copy(Storages.here(folder), folder) : Path.of(folder);
  }

  /**
   * The folder as another process has seen it, wherever it lies.
   *
   * @throws MedVolException MALFORMED_DATA if it holds other files here, or has changed since
   */
  public static Path of(String folder, ModelDigests seen) {
    synchronized (COPIES) {
      Path here = COPIES.get(seen.digest());
      if (here != null) {
        return here;
      }
    }
    Path found = of(folder);
    String changes = seen.changesTo(ModelDigests.of(found));
    if (!changes.isEmpty()) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Model folder "
              + folder
              + " is not the one this run began with: "
              + changes
              + ". Every machine needs the same files; restore it, or begin a new run.");
    }
    return found;
  }

  static Path copy(Storage storage, String folder) {
    synchronized (COPIES) {
      Path copy = null;
      try {
        copy = Files.createTempDirectory("medvol-model-");
        copy(storage, folder, copy);
        String digest = ModelDigests.of(copy).digest();
        Path known = COPIES.putIfAbsent(digest, copy);
        if (known == null) {
          removeAtTheEnd(copy);
          return copy;
        }
        remove(copy);
        return known;
      } catch (IOException | MedVolException e) {
        if (copy != null) {
          remove(copy);
        }
        if (e instanceof MedVolException known) {
          throw known;
        }
        throw new MedVolException(
            ErrorCode.RESOURCE,
            "Model folder "
                + folder
                + " cannot be copied to "
                + System.getProperty("java.io.tmpdir")
                + " ("
                + e.getMessage()
                + "); check that it can be read, and that there is space here.",
            e);
      }
    }
  }

  private static void copy(Storage storage, String folder, Path to) throws IOException {
    // The optimizer's state is no part of a model, and several times its size.
    List<String> names =
        storage.list(folder).stream()
            .filter(name -> WANTED.matcher(name).matches() && !name.equals(CheckpointStore.VECTORS))
            .toList();
    if (names.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "There is no model or adapter in the folder " + folder + ".");
    }
    for (String name : names) {
      String path = Storage.join(folder, name);
      try (InputStream in = storage.open(path)) {
        Files.copy(in, to.resolve(name));
      }
    }
  }

  private static void removeAtTheEnd(Path copy) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(copy), "model-copy-removal"));
  }

  private static void remove(Path copy) {
    try {
      new LocalStorage().delete(copy.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
