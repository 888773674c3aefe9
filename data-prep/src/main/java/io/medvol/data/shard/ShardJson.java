package io.medvol.data.shard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medvol.data.example.BoxRule;
import java.nio.charset.StandardCharsets;

/** How records appear in the JSON files of a prepared data set: kebab-case, nothing unknown. */
final class ShardJson {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .addMixIn(BoxRule.class, BoxRuleJson.class)
          .build();

  /** Says which rule it is by {@code "kind"}. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = BoxRule.Single.class, name = "single"),
    @JsonSubTypes.Type(value = BoxRule.Components.class, name = "components")
  })
  private interface BoxRuleJson {}

  private ShardJson() {}

  static byte[] pretty(JsonNode tree) {
    return (tree.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The first line of what Jackson found, without its reference chain and its settings. */
  static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage() == null ? "no detail" : e.getOriginalMessage();
    return message.lines().findFirst().orElse("no detail").split("; `", 2)[0];
  }
}
