package io.medvol.grpo.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompletionWarningTest {
  @Test
  void unparsableCompletionsAreCountedAndShownOnOneLine() {
    String text = "I see\n a \u001b[31mliver" + "!".repeat(400);
    assertThat(
            CompletionWarning.ofEvaluation(
                List.of(
                    outcome(text, AnswerStatus.UNPARSABLE, 0, FinishReason.LENGTH),
                    outcome("b", AnswerStatus.UNPARSABLE, 0.2, FinishReason.STOP))))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith("In this evaluation no completion can be parsed: 2 of 2")
                    .contains("1 were cut at max-completion-length")
                    .contains("The first: \"I see\\n a \\u001b[31mliver!!!")
                    .contains("medvol sft", "rewards.response-form", "sampling.temperature")
                    .doesNotContain("\n", "!".repeat(200)));
  }

  @Test
  void rewardsThatAreAll0AreAWarningThoughCompletionsCanBeParsed() {
    assertThat(
            CompletionWarning.ofEvaluation(
                List.of(
                    outcome("a", AnswerStatus.ANSWERED, 0, FinishReason.STOP),
                    outcome("b", AnswerStatus.UNPARSABLE, 0, FinishReason.STOP))))
        .hasValueSatisfying(
            warning ->
                assertThat(warning).contains("every reward is 0: 1 of 2", "The first: \"b\""));
  }

  @Test
  void oneGoodCompletionIsEnoughAndNoneIsNoReason() {
    assertThat(
            CompletionWarning.ofEvaluation(
                List.of(
                    outcome("a", AnswerStatus.ANSWERED, 0.1, FinishReason.STOP),
                    outcome("b", AnswerStatus.UNPARSABLE, 0, FinishReason.STOP))))
        .isEmpty();
    assertThat(
            CompletionWarning.ofEvaluation(
                List.of(EvaluationOutcome.failed(TinyVolumes.sample("s", "v", "a"), "unreadable"))))
        .isEmpty();
  }

  private static EvaluationOutcome outcome(
      String text, AnswerStatus status, double reward, FinishReason end) {
    return new EvaluationOutcome(
        TinyVolumes.sample("s", "v", "a"),
        new Completion(TokenIds.of(1), TokenValues.of(-1), text, end),
        new RewardBreakdown(Map.of(), reward),
        status,
        null,
        0,
        Map.of(),
        null,
        "",
        1,
        0);
  }
}
