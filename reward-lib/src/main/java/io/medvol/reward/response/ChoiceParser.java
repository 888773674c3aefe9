package io.medvol.reward.response;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the letter of a multiple-choice answer strictly: the right blocks and nothing else, and in
 * the answer one letter in either case, with an optional opening parenthesis before it and one of
 * {@code ) . :} behind. Immutable; never throws.
 */
public final class ChoiceParser {
  private static final Pattern CHOICE = Pattern.compile("\\(?([A-Za-z])[).:]?");

  private final ResponseForm form;

  public ChoiceParser(ResponseForm form) {
    this.form = form;
  }

  /** The letter as a capital; empty if the completion does not have the form. */
  public Optional<Character> letter(String completion) {
    try {
      Matcher choice = CHOICE.matcher(Blocks.strip(Blocks.read(completion, form).answer()));
      return choice.matches()
          ? Optional.of(Character.toUpperCase(choice.group(1).charAt(0)))
          : Optional.empty();
    } catch (UnparsableException e) {
      return Optional.empty();
    }
  }
}
