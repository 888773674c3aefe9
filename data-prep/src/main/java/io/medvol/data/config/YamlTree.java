package io.medvol.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads YAML text into {@link ConfigNode}s that know their lines. */
final class YamlTree {
  private static final YAMLFactory YAML = new YAMLFactory();
  // Far beyond any real configuration, and far below what overflows the stack.
  private static final int MAX_DEPTH = 50;

  private final String source;
  private final List<ConfigProblem> problems;
  private final YAMLParser parser;

  private YamlTree(String source, List<ConfigProblem> problems, YAMLParser parser) {
    this.source = source;
    this.problems = problems;
    this.parser = parser;
  }

  /** The one document of a text; an empty text is an empty mapping. */
  static ConfigNode read(String source, String text, List<ConfigProblem> problems) {
    try (YAMLParser parser = YAML.createParser(text)) {
      YamlTree tree = new YamlTree(source, problems, parser);
      if (parser.nextToken() == null) {
        return new ConfigNode.Mapping(source, Map.of());
      }
      ConfigNode root = tree.node("", 0);
      if (parser.nextToken() != null) {
        problems.add(new ConfigProblem("", tree.here(), "Only one YAML document is allowed"));
      }
      return root;
    } catch (JsonProcessingException e) {
      String origin = e.getLocation() == null ? source : source + ":" + e.getLocation().getLineNr();
      String reason = e.getOriginalMessage().strip().lines().findFirst().orElse("no detail");
      problems.add(new ConfigProblem("", origin, "This is not readable YAML: " + reason));
      return new ConfigNode.Mapping(source, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ConfigNode node(String path, int depth) throws IOException {
    String origin = here();
    if (depth > MAX_DEPTH) {
      problems.add(new ConfigProblem(path, origin, "Nested deeper than " + MAX_DEPTH + " levels"));
      parser.skipChildren();
      return new ConfigNode.Scalar(origin, null);
    }
    if (parser.isCurrentAlias()) {
      problems.add(
          new ConfigProblem(path, origin, "YAML aliases (*name) are not supported; write it out"));
      return new ConfigNode.Scalar(origin, null);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(origin, path, depth);
      case START_ARRAY -> sequence(origin, path, depth);
      case VALUE_NULL -> new ConfigNode.Scalar(origin, null);
      default -> new ConfigNode.Scalar(origin, parser.getText());
    };
  }

  private ConfigNode mapping(String origin, String path, int depth) throws IOException {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      String keyOrigin = here();
      parser.nextToken();
      if (entries.put(key, node(keyPath, depth + 1)) != null) {
        problems.add(new ConfigProblem(keyPath, keyOrigin, "The key is given twice"));
      }
    }
    return new ConfigNode.Mapping(origin, entries);
  }

  private ConfigNode sequence(String origin, String path, int depth) throws IOException {
    List<ConfigNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(path + "[" + items.size() + "]", depth + 1));
    }
    return new ConfigNode.Sequence(origin, items);
  }

  private String here() {
    return source + ":" + parser.currentTokenLocation().getLineNr();
  }
}
