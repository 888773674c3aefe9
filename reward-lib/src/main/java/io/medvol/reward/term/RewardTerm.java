package io.medvol.reward.term;

import io.medvol.reward.RewardValue;
import java.util.List;

/**
 * A reward of the user's own. It is found by the key that {@code rewards.weights}, or for
 * multiple-choice questions {@code choice.weights}, gives a weight to: either the {@link #name} of
 * a provider on the class path ({@code META-INF/services/io.medvol.reward.term.RewardTerm}), or the
 * name of a class with a public constructor without parameters.
 *
 * <p>It runs in the executors, in a thread of its own and under the configured timeout; what it
 * throws, and an answer that comes too late, becomes a status of the completions concerned. It may
 * be called from several threads.
 */
public interface RewardTerm {
  /**
   * Key of its weight where it is a provider, such as {@code brevity}. Metrics, trajectories and
   * the ledger call a term by the key that gave it its weight: for a term that was found by its
   * class, the name of the class.
   */
  String name();

  /** One value for each completion of the batch, in order. */
  List<RewardValue> score(RewardBatch batch);
}
