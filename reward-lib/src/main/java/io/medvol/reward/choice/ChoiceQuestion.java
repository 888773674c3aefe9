package io.medvol.reward.choice;

import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.response.PaperChoice;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The key of a multiple-choice question.
 *
 * @param solution the answer block of the data set, such as {@code <answer> B </answer>}
 * @param options the letters offered, as capitals
 */
public record ChoiceQuestion(String solution, List<String> options) implements Serializable {
  public ChoiceQuestion {
    Objects.requireNonNull(solution, "solution");
    options = List.copyOf(options);
  }

  /** The key of a prepared question. */
  public static ChoiceQuestion of(ChoiceSample sample) {
    return new ChoiceQuestion(
        "<answer> " + ChoiceSample.letter(sample.answer()) + " </answer>", sample.letters());
  }

  /** The letter of the right option. */
  public String letter() {
    return PaperChoice.content(solution);
  }
}
