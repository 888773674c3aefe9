package io.medvol.model.directory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A text that a tokenizer takes as one token wherever it stands.
 *
 * @param id of the token
 * @param content its text, such as {@code <|im_end|>}
 * @param special whether it is markup, which is left out when ids become text
 */
public record AddedToken(int id, String content, boolean special) {
  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  /** Whether a text that holds it says something other than it seems to. */
  public boolean isMarkup() {
    return special || content.startsWith("<|") && content.endsWith("|>");
  }

  /** Those of a {@code tokenizer.json}; reads no further than it must. */
  static List<AddedToken> read(Path tokenizer) throws IOException {
    List<AddedToken> tokens = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(tokenizer.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return tokens;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("added_tokens");
        parser.nextToken();
        if (!wanted) {
          parser.skipChildren();
          continue;
        }
        JsonNode list = parser.readValueAsTree();
        for (JsonNode token : list) {
          JsonNode id = token.path("id");
          JsonNode content = token.path("content");
          if (id.canConvertToInt() && content.isTextual() && !content.asText().isEmpty()) {
            tokens.add(
                new AddedToken(
                    id.asInt(), content.asText(), token.path("special").asBoolean(false)));
          }
        }
        return tokens;
      }
    } catch (JsonProcessingException e) {
      throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
    }
    return tokens;
  }
}
