package io.medvol.reward.choice;

import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.ChoiceParser;
import io.medvol.reward.response.PaperChoice;
import io.medvol.reward.response.ResponseForm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rewards answers to multiple-choice questions: {@code accuracy} and {@code format}, 0 or 1 each,
 * weighted and summed. Immutable; never throws on a completion.
 */
public final class ChoiceRewards {
  public static final String ACCURACY = "accuracy";
  public static final String FORMAT = "format";

  private final ChoiceMode mode;
  private final ResponseForm form;
  private final ChoiceParser parser;
  private final Map<String, Double> weights;

  public ChoiceRewards(ChoiceConfig config) {
    this.mode = config.mode();
    this.form = config.responseForm();
    this.parser = new ChoiceParser(form);
    this.weights = config.weights();
  }

  /** Whether an answer can be read at all; one that cannot counts as 0 in every mean. */
  public boolean isReadable(ChoiceQuestion question, String completion) {
    return switch (mode) {
      case STRICT -> offered(question, completion).isPresent();
      case PAPER -> PaperChoice.evaluated(completion).isPresent();
    };
  }

  public RewardBreakdown score(ChoiceQuestion question, String completion) {
    return switch (mode) {
      case STRICT -> {
        Optional<String> letter = offered(question, completion);
        yield breakdown(letter.filter(question.letter()::equals).isPresent(), letter.isPresent());
      }
      case PAPER ->
          breakdown(
              PaperChoice.content(completion).equals(question.letter()),
              PaperChoice.hasForm(completion, form));
    };
  }

  private Optional<String> offered(ChoiceQuestion question, String completion) {
    return parser.letter(completion).map(String::valueOf).filter(question.options()::contains);
  }

  private RewardBreakdown breakdown(boolean accurate, boolean formed) {
    Map<String, RewardValue> terms = new LinkedHashMap<>();
    terms.put(ACCURACY, RewardValue.ok(accurate ? 1 : 0));
    terms.put(FORMAT, RewardValue.ok(formed ? 1 : 0));
    return RewardBreakdown.weighted(terms, weights);
  }
}
