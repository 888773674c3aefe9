package io.medvol.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The reference values the parity tests read: the bundled {@code testdata/}, or the folder named by
 * {@code -Dmedvol.golden=DIR} (a relative one counts from the root of the project).
 */
public final class Golden {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Golden() {}

  public static Path root() {
    return projectRoot().resolve(System.getProperty("medvol.golden", "testdata")).normalize();
  }

  /** The folder that holds the top-level pom. */
  public static Path projectRoot() {
    String root = System.getProperty("medvol.root");
    if (root != null) {
      return Path.of(root);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** Whether this is the bundled set, of which no part may be missing. */
  public static boolean isBundled() {
    return root().equals(projectRoot().resolve("testdata").normalize());
  }

  /**
   * A folder or file of the set. Empty only where a set given by the user lacks it; the bundled set
   * must be complete.
   */
  public static Optional<Path> find(String relative) {
    Path path = root().resolve(relative);
    if (Files.exists(path)) {
      return Optional.of(path);
    }
    if (isBundled()) {
      throw new AssertionError("testdata lacks " + relative + " (" + path + ")");
    }
    return Optional.empty();
  }

  /** Folders of the set whose {@code config.json} has this {@code model_type}, sorted. */
  public static List<Path> models(String modelType) {
    try (Stream<Path> folders = Files.list(root())) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("config.json")))
          .filter(
              folder ->
                  modelType.equals(json(folder.resolve("config.json")).path("model_type").asText()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static GoldenTensors tensors(Path file) {
    return GoldenTensors.read(file);
  }
}
