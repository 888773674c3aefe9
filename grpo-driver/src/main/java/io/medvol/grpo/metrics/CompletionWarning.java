package io.medvol.grpo.metrics;

import io.medvol.data.error.ForeignText;
import io.medvol.model.policy.FinishReason;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong, and what to do, where no completion can be parsed or every reward is 0: from such
 * completions nothing can be learned.
 */
public final class CompletionWarning {
  private static final int EXAMPLE_LENGTH = 200;

  private CompletionWarning() {}

  private record Seen(String text, AnswerStatus status, double reward, boolean cut) {}

  /** Of the completions of a step; empty if all is well. */
  public static Optional<String> ofStep(int step, List<Trajectory> drawn) {
    return of(
        "After step " + (step + 1),
        drawn.stream()
            .map(
                one ->
                    new Seen(
                        one.completion().text(),
                        one.answer(),
                        one.reward().total(),
                        one.truncated()))
            .toList());
  }

  /** Of an evaluation; empty if all is well. */
  public static Optional<String> ofEvaluation(List<EvaluationOutcome> outcomes) {
    return of(
        "In this evaluation",
        outcomes.stream()
            .filter(one -> one.completion() != null && one.reward() != null)
            .map(
                one ->
                    new Seen(
                        one.completion().text(),
                        one.answer(),
                        one.reward().total(),
                        one.completion().finishReason() == FinishReason.LENGTH))
            .toList());
  }

  private static Optional<String> of(String where, List<Seen> seen) {
    long unparsable = seen.stream().filter(one -> one.status() == AnswerStatus.UNPARSABLE).count();
    boolean allUnparsable = unparsable == seen.size();
    boolean allZero = seen.stream().allMatch(one -> one.reward() == 0);
    if (seen.isEmpty() || !(allUnparsable || allZero)) {
      return Optional.empty();
    }
    long cut = seen.stream().filter(Seen::cut).count();
    Seen example =
        seen.stream()
            .filter(one -> one.status() == AnswerStatus.UNPARSABLE)
            .findFirst()
            .orElse(seen.get(0));
    return Optional.of(
        where
            + (allUnparsable ? " no completion can be parsed: " : " every reward is 0: ")
            + unparsable
            + " of "
            + seen.size()
            + " completions are unparsable, "
            + cut
            + " were cut at max-completion-length. The first: \""
            + ForeignText.line(start(example.text()))
            + "\". Train on demonstrations first (medvol sft), raise max-completion-length, choose"
            + " the form the model was taught (rewards.response-form), or lower"
            + " sampling.temperature.");
  }

  private static String start(String text) {
    int end = Math.min(EXAMPLE_LENGTH, text.length());
    // A character beyond the basic plane is two units; half of one is none.
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
