package io.medvol.data.example;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Markup of special tokens, such as {@code <|image_pad|>}: a text of a person must not hold it, as
 * it would end a turn or stand for a picture.
 */
public final class PromptMarkup {
  private static final Pattern TOKEN = Pattern.compile("<\\|[^<>|\\s]{1,64}\\|>");

  private PromptMarkup() {}

  /** The first token in a text. */
  public static Optional<String> first(String text) {
    Matcher matcher = TOKEN.matcher(text);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }
}
