package io.medvol.reward.choice;

import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.ChoiceParser;
import io.medvol.reward.response.PaperChoice;
import io.medvol.reward.response.ResponseForm;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rewards answers to multiple-choice questions: {@code accuracy} and {@code format}, 0 or 1 each,
 * summed. Immutable; never throws on a completion.
 */
public final class ChoiceRewards {
  public static final String ACCURACY = "accuracy";
  public static final String FORMAT = "format";
  private static final Map<String, Double> WEIGHTS = Map.of(ACCURACY, 1.0, FORMAT, 1.0);

  private final ChoiceMode mode;
  private final ResponseForm form;
  private final ChoiceParser parser;

  public ChoiceRewards(ChoiceMode mode, ResponseForm form) {
    this.mode = mode;
    this.form = form;
    this.parser = new ChoiceParser(form);
  }

  public RewardBreakdown score(ChoiceQuestion question, String completion) {
    return switch (mode) {
      case STRICT -> {
        String letter = parser.letter(completion).map(String::valueOf).orElse("");
        boolean offered = question.options().contains(letter);
        yield breakdown(offered && letter.equals(question.letter()), offered);
      }
      case PAPER ->
          breakdown(
              PaperChoice.content(completion).equals(question.letter()),
              PaperChoice.hasForm(completion, form));
    };
  }

  private static RewardBreakdown breakdown(boolean accurate, boolean formed) {
    Map<String, RewardValue> terms = new LinkedHashMap<>();
    terms.put(ACCURACY, RewardValue.ok(accurate ? 1 : 0));
    terms.put(FORMAT, RewardValue.ok(formed ? 1 : 0));
    return RewardBreakdown.weighted(terms, WEIGHTS);
  }
}
