package io.medvol.reward.choice;

import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.response.PaperChoice;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The key of a multiple-choice question.
 *
 * @param solution the answer block of the data set, such as {@code <answer> B </answer>}
 * @param options the letters offered, as capitals
 * @param sample what is asked; empty where only its key is known
 */
public record ChoiceQuestion(String solution, List<String> options, Optional<ChoiceSample> sample) {
  public ChoiceQuestion {
    Objects.requireNonNull(solution, "solution");
    options = List.copyOf(options);
    Objects.requireNonNull(sample, "sample");
  }

  /** The key of a prepared question. */
  public static ChoiceQuestion of(ChoiceSample sample) {
    return new ChoiceQuestion(
        "<answer> " + ChoiceSample.letter(sample.answer()) + " </answer>",
        sample.letters(),
        Optional.of(sample));
  }

  /** The letter of the right option. */
  public String letter() {
    return PaperChoice.content(solution);
  }
}
