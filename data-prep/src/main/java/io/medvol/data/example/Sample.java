package io.medvol.data.example;

import java.io.Serializable;

/**
 * One task of a prepared data set: what is asked, and of what. How it becomes a prompt, how answers
 * are scored and what a demonstration is depends on its kind.
 */
public sealed interface Sample extends Serializable permits VrsSample, ChoiceSample {
  /** Unique in its data set, stable between preparations: keys the random streams. */
  String id();

  /** Pseudonym of the volume or picture that is asked about. */
  String sourceId();

  /** What the policy reads, free text. */
  String question();

  /** Name of what is right, for reports; the policy never sees it as such. */
  String target();
}
