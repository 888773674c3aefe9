package io.medvol.rollout.task;

import io.medvol.model.policy.ChatMessage;
import io.medvol.reward.response.ResponseForm;
import java.util.List;

/**
 * A sample with what it asks about open for reading. A volume or picture that turns out to be
 * unreadable gives a {@code MedVolException} (MALFORMED_DATA). One thread at a time.
 */
public interface OpenSample extends AutoCloseable {
  /** The blocks of an answer. */
  ResponseForm form();

  /** What the policy reads. */
  List<ChatMessage> prompt();

  /** The answer a supervised policy is taught. */
  String demonstration();

  /**
   * Scores the answers of one group together, so that what they share is computed once: one score
   * for each text, in order. A reward that fails has a status; the call throws only for a bug.
   */
  List<AnswerScore> score(List<String> completions);

  /** Scores one answer and measures it as an evaluation does. */
  Verdict evaluate(String completion);

  @Override
  void close();
}
