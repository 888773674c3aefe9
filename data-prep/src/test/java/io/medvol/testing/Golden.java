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

  /** Folders of the set whose {@code config.json} has one of these {@code model_type}s, sorted. */
  public static List<Path> models(String... modelTypes) {
    List<String> types = List.of(modelTypes);
    try (Stream<Path> folders = Files.list(root())) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("config.json")))
          .filter(
              folder ->
                  types.contains(json(folder.resolve("config.json")).path("model_type").asText()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where the cases of a model lie: in its folder {@code cases}, or in a folder of the model's name
   * in the set's {@code cases}.
   */
  public static Path cases(Path model) {
    Path inside = model.resolve("cases");
    return Files.isDirectory(inside)
        ? inside
        : root().resolve("cases").resolve(model.getFileName().toString());
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
