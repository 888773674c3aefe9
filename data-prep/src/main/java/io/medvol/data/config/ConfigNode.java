package io.medvol.data.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration as written: scalars keep their text, because only the type of the key decides
 * whether {@code 1e-5} is a number or {@code no} a word.
 */
sealed interface ConfigNode {
  /** Where the node was written, for messages. */
  String origin();

  record Mapping(String origin, Map<String, ConfigNode> entries) implements ConfigNode {
    /**
     * Where a key below this group was written, or the nearest group or list that holds it; empty
     * if the key's first part is absent.
     *
     * @param path such as {@code queries[1].labels}
     */
    String originOf(String path) {
      ConfigNode node = this;
      for (String part : path.split("\\.|(?=\\[)")) {
        Optional<ConfigNode> child = node.child(part);
        if (child.isEmpty()) {
          break;
        }
        node = child.get();
      }
      return node == this ? "" : node.origin();
    }
  }

  record Sequence(String origin, List<ConfigNode> items) implements ConfigNode {}

  /** {@code text} is null for YAML's null. */
  record Scalar(String origin, String text) implements ConfigNode {}

  /** This tree with another laid over it: mappings merge key by key, anything else is replaced. */
  default ConfigNode overlaidBy(ConfigNode top) {
    if (!(this instanceof Mapping below) || !(top instanceof Mapping above)) {
      return top;
    }
    Map<String, ConfigNode> merged = new LinkedHashMap<>(below.entries());
    above
        .entries()
        .forEach((key, node) -> merged.merge(key, node, (low, high) -> low.overlaidBy(high)));
    return new Mapping(below.origin(), merged);
  }

  /** A key of a group, or {@code [3]} of a list. */
  private Optional<ConfigNode> child(String part) {
    if (this instanceof Mapping mapping) {
      return Optional.ofNullable(mapping.entries().get(part));
    }
    if (this instanceof Sequence sequence && part.matches("\\[\\d{1,9}]")) {
      int index = Integer.parseInt(part, 1, part.length() - 1, 10);
      return index < sequence.items().size()
          ? Optional.of(sequence.items().get(index))
          : Optional.empty();
    }
    return Optional.empty();
  }

  /** How the node is shown in a message. */
  default String describe() {
    if (this instanceof Mapping mapping) {
      return "a group of keys " + mapping.entries().keySet();
    }
    if (this instanceof Sequence sequence) {
      return "a list of " + sequence.items().size();
    }
    String text = ((Scalar) this).text();
    return text == null ? "empty" : "'" + text + "'";
  }
}
