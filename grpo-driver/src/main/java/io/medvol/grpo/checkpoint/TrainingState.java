package io.medvol.grpo.checkpoint;

import io.medvol.grpo.optim.OptimizerState;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.Objects;

/**
 * Everything a loop needs to go on as if it had never stopped. Immutable.
 *
 * @param step the next step to run
 * @param policy the policy it will be drawn from
 * @param optimizer what AdamW remembers
 * @param cursor where the prompt sampler stands
 * @param counters what has been counted so far
 * @param initialDigest names the model the run began with
 * @param configDigest digest of the settings of the run
 */
public record TrainingState(
    int step,
    PolicyState policy,
    OptimizerState optimizer,
    SamplerCursor cursor,
    Counters counters,
    String initialDigest,
    String configDigest) {
  public TrainingState {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(cursor, "cursor");
    Objects.requireNonNull(counters, "counters");
    Objects.requireNonNull(initialDigest, "initialDigest");
    Objects.requireNonNull(configDigest, "configDigest");
  }

  /**
   * Counts over a run.
   *
   * @param scheduled positions of the learning-rate schedule used up, skipped updates included
   * @param skipped updates skipped in all for a gradient that is not finite
   * @param skippedInARow the same since the last update that was made
   * @param tokens prompt and completion tokens read
   */
  public record Counters(long scheduled, long skipped, int skippedInARow, long tokens) {
    public static final Counters ZERO = new Counters(0, 0, 0, 0);
  }

  /** The state before the first step. */
  public static TrainingState start(
      PolicyState initial, String initialDigest, String configDigest) {
    return new TrainingState(
        0,
        initial,
        OptimizerState.zero(initial.parameters().length()),
        SamplerCursor.START,
        Counters.ZERO,
        initialDigest,
        configDigest);
  }

  /** After an update was tried. */
  public TrainingState after(Update update) {
    if (update instanceof Update.Applied applied) {
      Counters counted =
          new Counters(counters.scheduled() + 1, counters.skipped(), 0, counters.tokens());
      return with(applied.policy(), applied.state(), counted);
    }
    Counters counted =
        new Counters(
            counters.scheduled() + 1,
            counters.skipped() + 1,
            counters.skippedInARow() + 1,
            counters.tokens());
    return with(policy, optimizer, counted);
  }

  /** After an update for which every prompt had failed: the schedule goes on. */
  public TrainingState afterNothingDrawn() {
    return with(
        policy,
        optimizer,
        new Counters(
            counters.scheduled() + 1,
            counters.skipped(),
            counters.skippedInARow(),
            counters.tokens()));
  }

  /** Ready for the next step. */
  public TrainingState next(SamplerCursor nextCursor, long tokensRead) {
    Counters counted =
        new Counters(
            counters.scheduled(),
            counters.skipped(),
            counters.skippedInARow(),
            counters.tokens() + tokensRead);
    return new TrainingState(
        step + 1, policy, optimizer, nextCursor, counted, initialDigest, configDigest);
  }

  private TrainingState with(PolicyState moved, OptimizerState state, Counters counted) {
    return new TrainingState(step, moved, state, cursor, counted, initialDigest, configDigest);
  }
}
