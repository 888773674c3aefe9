package io.medvol.reward.localisation;

import io.medvol.reward.metric.BoxIou;
import java.util.List;

/**
 * How sure a policy is of an answer, told by its own other answers to the same question: the share
 * of them that agree. Two abstentions agree; two pieces of evidence agree if they are near each
 * other and their boxes overlap by half; two chosen options agree if they are one; an unparsable
 * answer agrees with nothing.
 */
public final class GroupAgreement {
  /** Slices that two pieces of evidence may be apart. */
  private static final int NEAR_SLICES = 5;

  private static final double SAME_BOXES = 0.5;

  /** An answer with more is no answer, and matching takes the cube of it. */
  private static final int MOST_BOXES = 64;

  private GroupAgreement() {}

  /**
   * One answer.
   *
   * @param status what kind of answer it is
   * @param evidence what it points at; null unless it is evidence
   * @param option the option it chooses; empty unless it is one
   */
  public record View(AnswerStatus status, Evidence evidence, String option) {}

  /** The confidence in an answer, 0..1; 0 without others. */
  public static double confidence(View answer, List<View> others) {
    long agreeing = others.stream().filter(other -> agree(answer, other)).count();
    return others.isEmpty() ? 0 : agreeing / (double) others.size();
  }

  private static boolean agree(View a, View b) {
    if (a.status() != b.status() || a.status() == AnswerStatus.UNPARSABLE) {
      return false;
    }
    if (a.status() == AnswerStatus.ABSTAINED) {
      return true;
    }
    if (!a.option().isEmpty() || !b.option().isEmpty()) {
      return a.option().equals(b.option());
    }
    if (a.evidence() == null
        || b.evidence() == null
        || Math.abs(a.evidence().slice() - b.evidence().slice()) > NEAR_SLICES) {
      return false;
    }
    int most = Math.max(1, Math.max(a.evidence().boxes().size(), b.evidence().boxes().size()));
    return most <= MOST_BOXES
        && BoxMatching.score(a.evidence().boxes(), b.evidence().boxes(), BoxIou::of, most)
            >= SAME_BOXES;
  }
}
