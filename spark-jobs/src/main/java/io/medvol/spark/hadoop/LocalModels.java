package io.medvol.spark.hadoop;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.CheckpointStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
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
  public static LocalModel of(String folder) {
    return Storages.isRemote(folder)
        ? copy(Storages.here(folder), folder)
        : new LocalModel(Path.of(folder), "");
  }

  /**
   * The folder that another process has seen with this digest.
   *
   * @throws MedVolException MALFORMED_DATA if it has changed since
   */
  public static LocalModel of(String folder, String digest) {
    synchronized (COPIES) {
      Path here = COPIES.get(digest);
      if (here != null) {
        return new LocalModel(here, digest);
      }
    }
    LocalModel found = of(folder);
    if (!found.digest().equals(digest)) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Model folder "
              + folder
              + " has changed since this run began (SHA-256 "
              + found.digest()
              + ", was "
              + digest
              + "). Restore it, or begin a new run.");
    }
    return found;
  }

  static LocalModel copy(Storage storage, String folder) {
    synchronized (COPIES) {
      Path copy = null;
      try {
        copy = Files.createTempDirectory("medvol-model-");
        String digest = copy(storage, folder, copy);
        Path known = COPIES.putIfAbsent(digest, copy);
        if (known == null) {
          removeAtTheEnd(copy);
          return new LocalModel(copy, digest);
        }
        remove(copy);
        return new LocalModel(known, digest);
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

  private static String copy(Storage storage, String folder, Path to) throws IOException {
    MessageDigest digest = Sha256.start();
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
      digest.update((name + "\n" + storage.length(path) + "\n").getBytes(StandardCharsets.UTF_8));
      try (InputStream in = storage.open(path);
          OutputStream out = Files.newOutputStream(to.resolve(name));
          OutputStream both = new DigestOutputStream(out, digest)) {
        in.transferTo(both);
      }
    }
    return Sha256.hex(digest.digest());
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
