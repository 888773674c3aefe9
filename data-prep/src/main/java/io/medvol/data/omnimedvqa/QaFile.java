package io.medvol.data.omnimedvqa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.PromptMarkup;
import io.medvol.data.storage.Utf8Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Reads one file of questions: a JSON array of objects with {@code question_id}, {@code
 * question_type}, {@code question}, {@code gt_answer}, {@code image_path}, {@code option_A}…, and
 * {@code modality_type}. An answer must equal exactly one option, white space around left out.
 *
 * @param rows usable questions, in the order of the file
 * @param rejected the others, and the file itself if it is no such array
 */
record QaFile(List<QaRow> rows, List<RejectedVolume> rejected) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int MAX_TEXT = 20_000;

  QaFile {
    rows = List.copyOf(rows);
    rejected = List.copyOf(rejected);
  }

  /**
   * @param path for messages
   */
  static QaFile parse(String path, byte[] content) throws IOException {
    JsonNode tree;
    try {
      tree = JSON.readTree(Utf8Text.decode("it", content));
    } catch (Utf8Text.NotUtf8Exception e) {
      return broken(path, e.getMessage().replaceFirst("\\.$", ""));
    } catch (JsonProcessingException e) {
      return broken(path, "it is no JSON (" + e.getOriginalMessage() + ")");
    }
    if (!tree.isArray()) {
      return broken(path, "it is no array of questions");
    }
    List<QaRow> rows = new ArrayList<>();
    List<RejectedVolume> rejected = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      JsonNode node = tree.get(i);
      String id = node.path("question_id").asText("");
      try {
        rows.add(row(node));
      } catch (Unusable e) {
        rejected.add(
            new RejectedVolume(
                id.isBlank() ? path + "#" + i : id,
                Kind.QUESTION,
                path + ", question " + i + ": " + e.getMessage() + "."));
      }
    }
    return new QaFile(rows, rejected);
  }

  private static QaFile broken(String path, String reason) {
    return new QaFile(
        List.of(), List.of(new RejectedVolume(path, Kind.FORMAT, path + ": " + reason + ".")));
  }

  private static QaRow row(JsonNode node) throws Unusable {
    List<String> options = options(node);
    String answer = text(node, "gt_answer");
    List<Integer> right = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).equals(answer)) {
        right.add(i);
      }
    }
    if (right.size() != 1) {
      throw new Unusable(
          right.isEmpty()
              ? "the answer is none of the options"
              : "the answer equals several options");
    }
    if (new HashSet<>(options).size() < options.size()) {
      throw new Unusable("two options are equal");
    }
    return new QaRow(
        text(node, "question_id"),
        text(node, "modality_type"),
        text(node, "question_type"),
        text(node, "question"),
        options,
        right.get(0),
        path(text(node, "image_path")));
  }

  /** From A on, without a gap. */
  private static List<String> options(JsonNode node) throws Unusable {
    List<String> options = new ArrayList<>();
    for (int i = 0; i < ChoiceSample.MAX_OPTIONS; i++) {
      String key = "option_" + ChoiceSample.letter(i);
      if (!node.path(key).isTextual() || node.path(key).asText().isBlank()) {
        break;
      }
      options.add(text(node, key));
    }
    if (options.size() < 2) {
      throw new Unusable("it has fewer than two options");
    }
    return options;
  }

  private static String text(JsonNode node, String key) throws Unusable {
    String value = node.path(key).asText("").strip();
    if (value.isEmpty() || value.length() > MAX_TEXT) {
      throw new Unusable(key + (value.isEmpty() ? " is absent" : " is too long"));
    }
    Optional<String> markup = PromptMarkup.first(value);
    if (markup.isPresent()) {
      throw new Unusable(key + " holds the special token " + markup.get() + "; take it out");
    }
    return value;
  }

  /** Stays below the folder. */
  private static String path(String path) throws Unusable {
    boolean leaves =
        path.startsWith("/")
            || path.contains("\\")
            || path.contains(":")
            || path.chars().anyMatch(Character::isISOControl)
            || List.of(path.split("/")).contains("..");
    if (leaves) {
      throw new Unusable("image_path '" + path + "' does not lie below the folder");
    }
    return path;
  }

  /** Why a question is turned away. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason);
    }
  }
}
