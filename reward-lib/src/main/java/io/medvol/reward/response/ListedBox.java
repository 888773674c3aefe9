package io.medvol.reward.response;

import java.io.Serializable;

/** One entry of an answer's list of boxes. */
public sealed interface ListedBox extends Serializable {
  /** Well-formed, and unlike every earlier entry of the list. */
  record Good(WrittenBox box) implements ListedBox {}

  /** Counts as listed and as nothing else; the sentence says what is wrong with it. */
  record Bad(String reason) implements ListedBox {}
}
