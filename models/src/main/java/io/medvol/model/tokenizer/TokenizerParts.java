package io.medvol.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which parts a tokenizer may be made of. Each takes time in proportion to the text, or to it times
 * its logarithm, and makes at most a few times as much text: NFC, splitting by a known expression,
 * bytes as letters, and merging pairs of bytes.
 */
final class TokenizerParts {
  /** How Qwen 2 to 3 cut a text. */
  private static final String SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** The same with marks counted among the letters, as in Qwen 3.5. */
  private static final String SPLIT_WITH_MARKS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Set<String> SPLITS = Set.of(SPLIT, SPLIT_WITH_MARKS);
  private static final Set<String> BYTE_LEVEL =
      Set.of("type", "add_prefix_space", "trim_offsets", "use_regex");
  private static final int MAX_STEPS = 4;
  private static final int MAX_PIECES = 8;
  private static final int MAX_SHOWN = 60;

  private TokenizerParts() {}

  /** What a file has, and what it should have instead. */
  record Problem(String found, String expected) {}

  /** Why a part is not admitted. */
  static Optional<Problem> problem(String place, JsonNode part) {
    boolean admitted =
        part.isNull()
            || switch (place) {
              case "normalizer" -> isNfc(part);
              case "pre_tokenizer" -> isCut(part);
              case "post_processor" -> isByteLevel(part) || isTemplate(part);
              default -> isByteLevel(part);
            };
    if (admitted) {
      return Optional.empty();
    }
    String type = part.path("type").asText("of no type");
    return Optional.of(
        new Problem("a " + place + " that is not admitted (" + shown(type) + ")", expected(place)));
  }

  private static String expected(String place) {
    return switch (place) {
      case "normalizer" -> "NFC, or none, as in the tokenizers of the Qwen family";
      case "pre_tokenizer" -> "the Split and ByteLevel of the Qwen family";
      case "post_processor" -> "ByteLevel, or a template that names the text once";
      default -> "ByteLevel, as in the tokenizers of the Qwen family";
    };
  }

  /** Whether a setting of the model leaves it a plain byte-level BPE. */
  static boolean isModelSetting(String name, JsonNode value) {
    return switch (name) {
      case "type" -> value.asText().equals("BPE");
      case "unk_token" -> value.isNull() || value.isTextual();
      case "continuing_subword_prefix", "end_of_word_suffix" ->
          value.isNull() || value.asText("x").isEmpty();
      case "fuse_unk", "byte_fallback" -> value.isBoolean() && !value.asBoolean();
      case "ignore_merges" -> value.isBoolean();
      // Anything else, such as dropout, would make tokens depend on chance.
      default -> value.isNull();
    };
  }

  private static boolean isNfc(JsonNode part) {
    return part.path("type").asText().equals("NFC") && part.size() == 1;
  }

  private static boolean isCut(JsonNode part) {
    if (!part.path("type").asText().equals("Sequence")) {
      return isByteLevel(part) || isSplit(part);
    }
    JsonNode steps = part.path("pretokenizers");
    boolean admitted = part.size() == 2 && steps.isArray() && steps.size() <= MAX_STEPS;
    for (JsonNode step : steps) {
      admitted = admitted && (isByteLevel(step) || isSplit(step));
    }
    return admitted;
  }

  private static boolean isSplit(JsonNode part) {
    return part.path("type").asText().equals("Split")
        && part.size() == 4
        && part.path("pattern").size() == 1
        && SPLITS.contains(part.path("pattern").path("Regex").asText())
        && part.path("behavior").asText().equals("Isolated")
        && part.path("invert").isBoolean()
        && !part.path("invert").asBoolean();
  }

  private static boolean isByteLevel(JsonNode part) {
    boolean admitted = part.path("type").asText().equals("ByteLevel");
    for (Iterator<String> names = part.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      admitted =
          admitted
              && BYTE_LEVEL.contains(name)
              && (name.equals("type") || part.get(name).isBoolean());
    }
    return admitted;
  }

  /** A template is not used, since no special tokens are asked for; it must not grow a text. */
  private static boolean isTemplate(JsonNode part) {
    return part.path("type").asText().equals("TemplateProcessing")
        && namesOnce(part.path("single"), Set.of("A"))
        && namesOnce(part.path("pair"), Set.of("A", "B"));
  }

  private static boolean namesOnce(JsonNode pieces, Set<String> texts) {
    Set<String> named = new TreeSet<>();
    int count = 0;
    for (JsonNode piece : pieces) {
      if (piece.has("Sequence")) {
        named.add(piece.path("Sequence").path("id").asText());
        count++;
      }
    }
    return pieces.isArray()
        && pieces.size() <= MAX_PIECES
        && count == texts.size()
        && named.equals(texts);
  }

  static String shown(String text) {
    String start = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + " ..." : text;
    return start.replaceAll("\\p{Cntrl}", " ");
  }
}
