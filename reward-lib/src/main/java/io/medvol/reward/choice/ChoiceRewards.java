package io.medvol.reward.choice;

import io.medvol.data.example.Sample;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.ChoiceParser;
import io.medvol.reward.response.PaperChoice;
import io.medvol.reward.response.ResponseForm;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.UserTerms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewards answers to multiple-choice questions: {@code accuracy} and {@code format}, 0 or 1 each,
 * and the user's own terms, weighted and summed. Thread-safe; never throws on a completion.
 */
public final class ChoiceRewards {
  public static final String ACCURACY = "accuracy";
  public static final String FORMAT = "format";

  static final List<String> BUILT_IN = List.of(ACCURACY, FORMAT);

  private final ChoiceMode mode;
  private final ResponseForm form;
  private final ChoiceParser parser;
  private final Map<String, Double> weights;
  private final UserTerms userTerms;

  /**
   * Looks for the terms that are not built in as {@link io.medvol.reward.term.RewardTerm} says.
   *
   * @throws io.medvol.data.error.MedVolException if a term cannot be found or made
   */
  public ChoiceRewards(ChoiceConfig config) {
    this.mode = config.mode();
    this.form = config.responseForm();
    this.parser = new ChoiceParser(form);
    this.weights = config.weights();
    this.userTerms =
        new UserTerms(
            "choice.weights",
            weights.keySet(),
            BUILT_IN,
            config.termTimeoutSeconds(),
            config.termRetries());
  }

  /** What an answer chooses; empty if it cannot be read and so counts as 0 in every mean. */
  public Optional<String> choice(ChoiceQuestion question, String completion) {
    return switch (mode) {
      case STRICT -> offered(question, completion);
      case PAPER -> PaperChoice.evaluated(completion);
    };
  }

  /** The rewards of the answers to one question, in order. Accuracy and format are always there. */
  public List<RewardBreakdown> score(ChoiceQuestion question, List<String> completions) {
    Map<String, List<RewardValue>> own =
        userTerms.score(
            new RewardBatch(
                question.sample().map(Sample.class::cast),
                Optional.empty(),
                Optional.empty(),
                completions));
    List<RewardBreakdown> scored = new ArrayList<>();
    for (int i = 0; i < completions.size(); i++) {
      Map<String, RewardValue> terms = builtIn(question, completions.get(i));
      for (Map.Entry<String, List<RewardValue>> term : own.entrySet()) {
        terms.put(term.getKey(), term.getValue().get(i));
      }
      scored.add(RewardBreakdown.weighted(terms, weights));
    }
    return scored;
  }

  private Map<String, RewardValue> builtIn(ChoiceQuestion question, String completion) {
    return switch (mode) {
      case STRICT -> {
        Optional<String> letter = offered(question, completion);
        yield terms(letter.filter(question.letter()::equals).isPresent(), letter.isPresent());
      }
      case PAPER ->
          terms(
              PaperChoice.content(completion).equals(question.letter()),
              PaperChoice.hasForm(completion, form));
    };
  }

  private Optional<String> offered(ChoiceQuestion question, String completion) {
    return parser.letter(completion).map(String::valueOf).filter(question.options()::contains);
  }

  private static Map<String, RewardValue> terms(boolean accurate, boolean formed) {
    Map<String, RewardValue> terms = new LinkedHashMap<>();
    terms.put(ACCURACY, RewardValue.ok(accurate ? 1 : 0));
    terms.put(FORMAT, RewardValue.ok(formed ? 1 : 0));
    return terms;
  }
}
