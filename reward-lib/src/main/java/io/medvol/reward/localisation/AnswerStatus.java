package io.medvol.reward.localisation;

/** What kind of answer a completion is. */
public enum AnswerStatus {
  /** Names a slice of the volume and lists boxes, good or not. */
  ANSWERED,
  /** Says that the target is absent. */
  ABSTAINED,
  /** Nothing that can be scored; counts as 0 in every mean. */
  UNPARSABLE
}
