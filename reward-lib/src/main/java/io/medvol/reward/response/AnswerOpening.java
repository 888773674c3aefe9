package io.medvol.reward.response;

import java.util.Objects;

/**
 * What the chat template wrote at the start of the assistant's turn, such as {@code <think>} and a
 * line feed by the templates of thinking models. It belongs to the answer, and the policy does not
 * write it: an answer is read behind it, and a demonstration goes on from it. Immutable.
 *
 * @param text what stands there; empty for most templates
 */
public record AnswerOpening(String text) {
  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";

  public AnswerOpening {
    Objects.requireNonNull(text, "text");
  }

  /**
   * The answer that a completion makes. A thought that the template opened and closed is nobody's.
   * One that it opened is the answer's where the form begins with a thought; elsewhere it must be
   * left blank, and is no part of the form.
   */
  public String answer(String completion, ResponseForm form) {
    if (Blocks.strip(text).endsWith(THINK_END)) {
      return completion;
    }
    if (opensThought() && form != ResponseForm.THINK_ANSWER) {
      int at = Blocks.skipSpace(completion, 0);
      if (completion.startsWith(THINK_END, at)) {
        return completion.substring(Blocks.skipSpace(completion, at + THINK_END.length()));
      }
    }
    return text + completion;
  }

  /** What the policy is taught to write so that the answer is this one. */
  public String completion(String answer) {
    if (!opensThought()) {
      return answer;
    }
    return answer.startsWith(THINK)
        ? answer.substring(THINK.length())
        : THINK_END + "\n\n" + answer;
  }

  private boolean opensThought() {
    return Blocks.strip(text).endsWith(THINK);
  }
}
