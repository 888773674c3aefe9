package io.medvol.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.medvol.data.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A configuration with every default filled in: the record itself, its YAML (read again, it gives
 * the same record but for secrets, which are not written), and a digest that two runs share exactly
 * if their settings are the same.
 */
public record EffectiveConfig<T extends Record>(T value) {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES));
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  public EffectiveConfig {
    Objects.requireNonNull(value, "value");
  }

  public String yaml() {
    Map<String, Object> tree = ConfigTree.of(value, secret -> Secret.HIDDEN);
    redact(tree);
    return write(YAML, tree);
  }

  /** Only names of properties have dots; our own secrets are marked. */
  private static void redact(Map<?, Object> tree) {
    tree.replaceAll((key, value) -> redacted(key.toString(), value));
  }

  private static Object redacted(String key, Object value) {
    if (value instanceof String text) {
      return key.indexOf('.') >= 0 ? Secrets.shown(key, text) : Secrets.shown(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(item -> redacted(key, item)).toList();
    }
    if (value instanceof Map<?, ?> group) {
      Map<Object, Object> shown = new LinkedHashMap<>();
      group.forEach((inner, item) -> shown.put(inner, redacted(inner.toString(), item)));
      return shown;
    }
    return value;
  }

  /**
   * JSON without white space, keys sorted at every level; a {@link Secret} is there by its
   * fingerprint.
   */
  public String canonicalJson() {
    return write(JSON, ConfigTree.of(value, SecretFingerprint::of));
  }

  /** SHA-256 of {@link #canonicalJson} in UTF-8, as 64 hexadecimal digits. */
  public String digest() {
    return Sha256.of(canonicalJson().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The digest two runs share if their settings are the same but for some keys.
   *
   * @param keys paths with dots, such as {@code training.save-steps}; absent ones are passed over
   */
  public String digestWithout(Collection<String> keys) {
    Map<String, Object> tree = ConfigTree.of(value, SecretFingerprint::of);
    keys.forEach(key -> remove(tree, key));
    return Sha256.of(write(JSON, tree).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Each setting by its path with dots, such as {@code training.seed}, as text; a list is one
   * setting.
   *
   * @param keys paths that are left out
   */
  public SortedMap<String, String> settingsWithout(Collection<String> keys) {
    Map<String, Object> tree = ConfigTree.of(value, SecretFingerprint::of);
    keys.forEach(key -> remove(tree, key));
    SortedMap<String, String> settings = new TreeMap<>();
    flatten("", tree, settings);
    return settings;
  }

  private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> settings) {
    for (Map.Entry<?, ?> entry : tree.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof Map<?, ?> group) {
        flatten(key + ".", group, settings);
      } else {
        settings.put(key, String.valueOf(entry.getValue()));
      }
    }
  }

  private static void remove(Map<?, ?> tree, String key) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      tree.remove(key);
    } else if (tree.get(key.substring(0, dot)) instanceof Map<?, ?> group) {
      remove(group, key.substring(dot + 1));
    }
  }

  private static String write(ObjectMapper mapper, Map<String, Object> tree) {
    try {
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A configuration tree holds only plain values", e);
    }
  }
}
