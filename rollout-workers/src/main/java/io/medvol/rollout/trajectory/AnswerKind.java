package io.medvol.rollout.trajectory;

/** What a completion turned out to be when it was read. */
public enum AnswerKind {
  /** It points at a slice and boxes. */
  EVIDENCE,
  /** It says that the target is not in the scan. */
  ABSTENTION,
  /** It does not follow the format. */
  UNPARSABLE
}
