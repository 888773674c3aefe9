package io.medvol.data.config;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Utf8Text;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads a configuration record: its static {@code defaults()}, overlaid by YAML, overlaid by {@code
 * key=value} settings; later layers win, lists are replaced as a whole. Maps keep the entries of
 * their default that are not named; one that is named without a value is dropped. Immutable; every
 * {@code with} gives a new loader.
 *
 * <p>A text stands for a list of one text. Component types: numbers, booleans, texts, enums
 * (kebab-case), {@link java.time.Duration}, {@link java.util.Optional}, {@link List}, {@link Map},
 * further records, and sealed interfaces of records. A key may stay without a value where its type
 * is an {@code Optional} or its default is null. Limits are checked in the compact constructors
 * with {@link ConfigLimits}.
 */
public final class ConfigLoader<T extends Record> {
  private static final long MAX_FILE_BYTES = 4L << 20;
  private static final int MOST_SHOWN = 20;

  private record Layer(String source, String text) {}

  private final Class<T> type;
  private final List<Layer> layers;
  private final List<String> settings;

  private ConfigLoader(Class<T> type, List<Layer> layers, List<String> settings) {
    this.type = type;
    this.layers = layers;
    this.settings = settings;
  }

  public static <T extends Record> ConfigLoader<T> of(Class<T> type) {
    return new ConfigLoader<>(Objects.requireNonNull(type, "type"), List.of(), List.of());
  }

  /**
   * @throws MedVolException (INVALID_CONFIG) if the file cannot be read
   */
  public ConfigLoader<T> withFile(Path file) {
    return withYaml(file.toString(), readText(file));
  }

  /** YAML text, under the name by which messages speak of it. */
  public ConfigLoader<T> withYaml(String source, String text) {
    List<Layer> more = new ArrayList<>(layers);
    more.add(new Layer(source, text));
    return new ConfigLoader<>(type, List.copyOf(more), settings);
  }

  /** Settings of the form {@code grpo.num-generations=8}; the value is YAML. */
  public ConfigLoader<T> withSettings(List<String> keyValues) {
    List<String> more = new ArrayList<>(settings);
    more.addAll(keyValues);
    return new ConfigLoader<>(type, layers, List.copyOf(more));
  }

  /**
   * @throws MedVolException (INVALID_CONFIG) naming every problem of the configuration
   */
  public EffectiveConfig<T> load() {
    List<ConfigProblem> problems = new ArrayList<>();
    ConfigNode tree = new ConfigNode.Mapping("", Map.of());
    for (Layer layer : layers) {
      ConfigNode node = YamlTree.read(layer.source(), layer.text(), problems);
      if (node instanceof ConfigNode.Mapping) {
        tree = tree.overlaidBy(node);
      } else {
        problems.add(
            new ConfigProblem(
                "", node.origin(), "The file is " + node.describe() + ", not a group of keys"));
      }
    }
    for (String setting : settings) {
      tree = tree.overlaidBy(parseSetting(setting, problems));
    }
    var bound = new RecordBinder(problems).bind(type, tree);
    if (!problems.isEmpty()) {
      throw new MedVolException(ErrorCode.INVALID_CONFIG, report(problems));
    }
    return new EffectiveConfig<>(bound.orElseThrow());
  }

  /** One problem as a sentence; several as a list, one a line, the first of very many. */
  static String report(List<ConfigProblem> problems) {
    if (problems.size() == 1) {
      return "The configuration is not valid: " + problems.get(0).sentence() + ".";
    }
    StringBuilder text =
        new StringBuilder("The configuration has " + problems.size() + " problems:");
    problems.stream()
        .limit(MOST_SHOWN)
        .forEach(problem -> text.append("\n  - ").append(problem.sentence()));
    if (problems.size() > MOST_SHOWN) {
      text.append("\n  and ").append(problems.size() - MOST_SHOWN).append(" more");
    }
    return text.toString();
  }

  private static ConfigNode parseSetting(String setting, List<ConfigProblem> problems) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      problems.add(
          new ConfigProblem(
              "", "--set", "'" + setting + "' is no setting; allowed: key=value, as in a.b=3"));
      return new ConfigNode.Mapping("--set", Map.of());
    }
    String[] keys = setting.substring(0, equals).strip().split("\\.", -1);
    String value = setting.substring(equals + 1);
    ConfigNode node =
        value.isBlank()
            ? new ConfigNode.Scalar("--set", null)
            : YamlTree.read("--set " + setting.substring(0, equals), value, problems);
    for (int i = keys.length - 1; i >= 0; i--) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      entries.put(keys[i], node);
      node = new ConfigNode.Mapping("--set", entries);
    }
    return node;
  }

  private static String readText(Path file) {
    try {
      long length = Files.size(file);
      if (length > MAX_FILE_BYTES) {
        throw new MedVolException(
            ErrorCode.INVALID_CONFIG,
            "Configuration file "
                + file
                + " has "
                + length
                + " bytes; at most "
                + MAX_FILE_BYTES
                + " are read.");
      }
      return Utf8Text.decode("Configuration file " + file, Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "Configuration file " + file + " does not exist; give the path of a YAML file.",
          e);
    } catch (CharacterCodingException e) {
      throw new MedVolException(ErrorCode.INVALID_CONFIG, e.getMessage(), e);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "Configuration file " + file + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }
}
