package io.medvol.model.tiny;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tokens of a tiny model: the 256 bytes, so that any text can be written, then whole texts that
 * the tokenizer takes out of the input before bytes are looked at (leftmost, then longest).
 *
 * <p>A number of two digits and a multiple of 25 up to 1000 are one token each; the one digit of a
 * smaller number is its byte. So slice numbers and coordinates never share a token with their
 * surroundings.
 */
final class TinyVocabulary {
  static final String END_OF_TEXT = "<|endoftext|>";
  static final String END_OF_TURN = "<|im_end|>";
  static final String VISION_START = "<|vision_start|>";
  static final String VISION_END = "<|vision_end|>";
  static final String IMAGE = "<|image_pad|>";
  static final String VIDEO = "<|video_pad|>";

  /** The markup of the Qwen family in its order; left out when a text is decoded. */
  static final List<String> SPECIAL =
      List.of(
          END_OF_TEXT,
          "<|im_start|>",
          END_OF_TURN,
          "<|object_ref_start|>",
          "<|object_ref_end|>",
          "<|box_start|>",
          "<|box_end|>",
          "<|quad_start|>",
          "<|quad_end|>",
          VISION_START,
          VISION_END,
          "<|vision_pad|>",
          IMAGE,
          VIDEO);

  private static final int BYTES = 256;
  private static final int LARGEST_COORDINATE = 1000;
  private static final int COORDINATE_STEP = 25;

  private final List<String> bytes = byteAlphabet();
  private final List<String> added;

  TinyVocabulary(List<String> phrases) {
    Set<String> texts = new LinkedHashSet<>(SPECIAL);
    texts.addAll(words());
    for (int number = 10; number < 100; number++) {
      texts.add(Integer.toString(number));
    }
    for (int number = 100; number <= LARGEST_COORDINATE; number += COORDINATE_STEP) {
      texts.add(Integer.toString(number));
    }
    for (String phrase : phrases) {
      if (phrase.isEmpty() || !phrase.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'))) {
        throw new IllegalArgumentException(
            "A phrase of a tiny vocabulary is printable ASCII, not \"" + phrase + "\"");
      }
      // One character is a byte already.
      if (phrase.length() > 1) {
        texts.add(phrase);
      }
    }
    this.added = List.copyOf(texts);
  }

  /** The bytes as the byte-level alphabet writes them; the position is the id. */
  List<String> bytes() {
    return bytes;
  }

  /** The whole texts; their ids follow those of the bytes. */
  List<String> added() {
    return added;
  }

  int size() {
    return BYTES + added.size();
  }

  int id(String text) {
    return BYTES + added.indexOf(text);
  }

  /**
   * GPT-2's printable stand-ins for the bytes: a printable byte is its own character, the others
   * take the characters from U+0100 on.
   */
  private static List<String> byteAlphabet() {
    List<String> printable = new ArrayList<>();
    int others = 0;
    List<String> standIns = new ArrayList<>();
    for (int value = 0; value < BYTES; value++) {
      boolean plain =
          (value >= '!' && value <= '~')
              || (value >= 0xa1 && value <= 0xac)
              || (value >= 0xae && value <= 0xff);
      if (plain) {
        printable.add(Character.toString(value));
      } else {
        standIns.add(Character.toString(BYTES + others++));
      }
    }
    printable.addAll(standIns);
    return List.copyOf(printable);
  }

  private static List<String> words() {
    try (InputStream in = TinyVocabulary.class.getResourceAsStream("words.json")) {
      List<String> words = new ArrayList<>();
      for (JsonNode word : new ObjectMapper().readTree(in)) {
        words.add(word.asText());
      }
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
