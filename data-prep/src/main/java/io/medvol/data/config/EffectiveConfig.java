package io.medvol.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * A configuration with every default filled in: the record itself, its YAML (read again, it gives
 * the same record), and a digest that two runs share exactly if their settings are the same.
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
    return write(YAML);
  }

  /** JSON without white space, keys sorted at every level. */
  public String canonicalJson() {
    return write(JSON);
  }

  /** SHA-256 of {@link #canonicalJson} in UTF-8, as 64 hexadecimal digits. */
  public String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(canonicalJson().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(ObjectMapper mapper) {
    try {
      Map<String, Object> tree = ConfigTree.of(value);
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A configuration tree holds only plain values", e);
    }
  }
}
