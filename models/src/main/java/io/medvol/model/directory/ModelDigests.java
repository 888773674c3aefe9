package io.medvol.model.directory;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of a model's or an adapter's folder that may move a result, each with its SHA-256:
 * weights, configuration, tokenizer, chat template, image processor. Immutable.
 *
 * @param digests name of a file to its SHA-256, sorted by name
 */
public record ModelDigests(SortedMap<String, String> digests) implements Serializable {
  /** What of a checkpoint belongs to its training, not to its model. */
  private static final List<String> OF_TRAINING =
      List.of("manifest.json", "trainer_state.json", "trainer_state.safetensors");

  public ModelDigests {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }

  /** Of no folder. */
  public static ModelDigests none() {
    return new ModelDigests(Collections.emptySortedMap());
  }

  /**
   * Reads every file of a folder that counts.
   *
   * @throws MedVolException INVALID_INPUT if the folder or a file cannot be read
   */
  public static ModelDigests of(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      SortedMap<String, String> digests = new TreeMap<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (counts(name)) {
          digests.put(name, sha256(file));
        }
      }
      return new ModelDigests(digests);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The files of the model "
              + folder
              + " cannot be read ("
              + e.getMessage()
              + "): expected a folder as on the Hugging Face hub.",
          e);
    }
  }

  private static boolean counts(String name) {
    return !name.startsWith(".")
        && !OF_TRAINING.contains(name)
        && (name.endsWith(".json") || name.endsWith(".jinja") || name.endsWith(".safetensors"));
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.start();
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return Sha256.hex(digest.digest());
  }

  /** SHA-256 over names and content of all of them. */
  public String digest() {
    StringBuilder text = new StringBuilder();
    digests.forEach((name, sha256) -> text.append(name).append(' ').append(sha256).append('\n'));
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What became of these files, such as {@code config.json has changed}; empty if they are equal.
   */
  public String changesTo(ModelDigests now) {
    TreeSet<String> names = new TreeSet<>(digests.keySet());
    names.addAll(now.digests.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      if (!now.digests.containsKey(name)) {
        changes.add(name + " is gone");
      } else if (!digests.containsKey(name)) {
        changes.add(name + " is new");
      } else if (!digests.get(name).equals(now.digests.get(name))) {
        changes.add(name + " has changed");
      }
    }
    return String.join(", ", changes);
  }
}
