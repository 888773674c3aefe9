package io.medvol.model.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/**
 * Puts parts of the tokenizers library, values out of range and excess into a sound {@code
 * tokenizer.json}, which stays JSON. Equal seeds give equal files.
 */
final class TokenizerDamage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PLACES =
      List.of("normalizer", "pre_tokenizer", "post_processor", "decoder", "truncation", "padding");
  private static final List<String> PARTS =
      List.of(
          "null",
          "{\"type\":\"NFC\"}",
          "{\"type\":\"NFKD\"}",
          "{\"type\":\"Lowercase\"}",
          "{\"type\":\"Prepend\",\"prepend\":\"LONG\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"LONG\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a*)*b\"},\"content\":\"x\"}",
          "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(x+x+)+y\"},\"behavior\":\"Isolated\",\"invert\":false}",
          "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\p{N}\"},\"behavior\":\"Removed\",\"invert\":true}",
          "{\"type\":\"Sequence\",\"pretokenizers\":[PART,PART]}",
          "{\"type\":\"Sequence\",\"normalizers\":[PART,PART]}",
          "{\"type\":\"Sequence\",\"processors\":[PART,PART]}",
          "{\"type\":\"Sequence\",\"decoders\":[PART]}",
          "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":false,\"use_regex\":true}",
          "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":false}",
          "{\"type\":\"ByteLevel\",\"use_regex\":7}",
          "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"always\",\"split\":true}",
          "{\"type\":\"BertPreTokenizer\"}",
          "{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],"
              + "\"pair\":[{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}],"
              + "\"special_tokens\":{}}",
          "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"A\",\"type_id\":0}}],"
              + "\"pair\":[],\"special_tokens\":{}}",
          "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
          "{\"type\":\"Strip\",\"content\":\"a\",\"start\":1,\"stop\":4294967295}",
          "{\"strategy\":{\"Fixed\":4294967295},\"direction\":\"Right\",\"pad_to_multiple_of\":0,"
              + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"x\"}",
          "{\"direction\":\"Right\",\"max_length\":1,\"strategy\":\"LongestFirst\",\"stride\":9}",
          "[]",
          "7",
          "\"LONG\"");
  private static final List<String> SETTINGS =
      List.of(
          "type",
          "dropout",
          "unk_token",
          "continuing_subword_prefix",
          "end_of_word_suffix",
          "fuse_unk",
          "byte_fallback",
          "ignore_merges",
          "vocab",
          "merges",
          "max_input_chars_per_word");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0.5",
          "-1",
          "1e99",
          "4294967295",
          "\"\"",
          "\"BPE\"",
          "\"Unigram\"",
          "\"LONG\"",
          "[]",
          "{}",
          "[\"a b\",\"b c\"]",
          "[[\"a\",\"b\",\"c\"]]",
          "{\"a\":0,\"b\":1}");
  private static final int MAX_LONG = 200_000;

  private TokenizerDamage() {}

  static byte[] damaged(byte[] original, Random random) {
    try {
      ObjectNode tree = (ObjectNode) JSON.readTree(original);
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        change(tree, random);
      }
      String text = JSON.writeValueAsString(tree);
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("The seed is no JSON", e);
    }
  }

  private static void change(ObjectNode tree, Random random) throws IOException {
    JsonNode model = tree.path("model");
    switch (random.nextInt(7)) {
      case 0, 1, 2 -> tree.set(pick(PLACES, random), part(random, 4));
      case 3 -> set(model, pick(SETTINGS, random), value(VALUES, random));
      case 4 -> set(model.path("vocab"), word(random), value(VALUES, random));
      case 5 -> {
        if (model.path("merges") instanceof ArrayNode merges) {
          for (int i = random.nextInt(200); i > 0; i--) {
            merges.add(word(random) + " " + word(random));
          }
        }
      }
      default -> {
        JsonNode added = tree.path("added_tokens").path(random.nextInt(8));
        set(
            added,
            pick(List.of("id", "content", "lstrip", "rstrip", "single_word", "normalized"), random),
            value(VALUES, random));
      }
    }
  }

  private static void set(JsonNode object, String field, JsonNode value) {
    if (object instanceof ObjectNode node) {
      node.set(field, value);
    }
  }

  private static JsonNode part(Random random, int levels) throws IOException {
    String text = filled(pick(PARTS, random), random);
    while (text.contains("PART")) {
      String inner = levels > 0 ? JSON.writeValueAsString(part(random, levels - 1)) : "null";
      text = text.replaceFirst("PART", Matcher.quoteReplacement(inner));
    }
    return JSON.readTree(text);
  }

  private static JsonNode value(List<String> values, Random random) throws IOException {
    return JSON.readTree(filled(pick(values, random), random));
  }

  private static String filled(String text, Random random) {
    return text.replace("LONG", "a".repeat(random.nextInt(MAX_LONG)));
  }

  /** Letters of the byte level. */
  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(4)));
    }
    return word.toString();
  }

  private static String pick(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
