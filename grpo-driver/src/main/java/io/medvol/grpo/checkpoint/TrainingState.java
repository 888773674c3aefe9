package io.medvol.grpo.checkpoint;

import io.medvol.grpo.optim.OptimizerState;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a loop needs to go on as if it had never stopped. Immutable.
 *
 * @param step the next step to run
 * @param policy the policy the next update changes
 * @param rolloutPolicy the older policy the next step is drawn from, where rollouts overlap with
 *     updates; null where it is the policy itself
 * @param optimizer what AdamW remembers
 * @param cursor where the prompt sampler stands
 * @param counters what has been counted so far
 * @param best what the evaluations have shown
 * @param origin what makes the run the run it is
 */
public record TrainingState(
    int step,
    PolicyState policy,
    PolicyState rolloutPolicy,
    OptimizerState optimizer,
    SamplerCursor cursor,
    Counters counters,
    BestSoFar best,
    RunOrigin origin) {
  public TrainingState {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(cursor, "cursor");
    Objects.requireNonNull(counters, "counters");
    Objects.requireNonNull(best, "best");
    Objects.requireNonNull(origin, "origin");
  }

  /**
   * Counts over a run.
   *
   * @param scheduled positions of the learning-rate schedule used up, skipped updates included
   * @param skipped updates skipped in all, for a loss or gradient that is not finite or for want of
   *     anything to learn from
   * @param skippedInARow the same since the last update that was made
   * @param degenerateInARow steps since the last one in which a group had spread
   * @param tokens prompt and completion tokens read
   */
  public record Counters(
      long scheduled, long skipped, int skippedInARow, int degenerateInARow, long tokens) {
    public static final Counters ZERO = new Counters(0, 0, 0, 0, 0);

    Counters updated() {
      return new Counters(scheduled + 1, skipped, 0, degenerateInARow, tokens);
    }

    Counters passed() {
      return new Counters(scheduled + 1, skipped, skippedInARow, degenerateInARow, tokens);
    }

    Counters missed() {
      return new Counters(scheduled + 1, skipped + 1, skippedInARow + 1, degenerateInARow, tokens);
    }

    Counters read(long tokensRead) {
      return new Counters(scheduled, skipped, skippedInARow, degenerateInARow, tokens + tokensRead);
    }

    Counters degenerate(int inARow) {
      return new Counters(scheduled, skipped, skippedInARow, inARow, tokens);
    }
  }

  /** The state before the first step. */
  public static TrainingState start(PolicyState initial, RunOrigin origin) {
    return new TrainingState(
        0,
        initial,
        null,
        OptimizerState.zero(initial.parameters().length()),
        SamplerCursor.START,
        Counters.ZERO,
        BestSoFar.NONE,
        origin);
  }

  /** The older policy the next step is drawn from, if it is not the policy itself. */
  public Optional<PolicyState> olderRolloutPolicy() {
    return Optional.ofNullable(rolloutPolicy);
  }

  /** After an update was tried. */
  public TrainingState after(Update update) {
    return update instanceof Update.Applied applied
        ? with(applied.policy(), applied.state(), counters.updated())
        : with(policy, optimizer, counters.missed());
  }

  /** After an update that had nothing to be made of: the schedule goes on. */
  public TrainingState afterNoUpdate() {
    return with(policy, optimizer, counters.passed());
  }

  /** After a step was drawn: whether any of its groups had spread. */
  public TrainingState drawn(boolean anySpread) {
    return with(
        policy, optimizer, counters.degenerate(anySpread ? 0 : counters.degenerateInARow() + 1));
  }

  /** Ready for the next step. */
  public TrainingState next(SamplerCursor nextCursor, long tokensRead) {
    return new TrainingState(
        step + 1,
        policy,
        rolloutPolicy,
        optimizer,
        nextCursor,
        counters.read(tokensRead),
        best,
        origin);
  }

  /** With the next step drawn from this policy. */
  public TrainingState drawnFrom(PolicyState older) {
    return new TrainingState(step, policy, older, optimizer, cursor, counters, best, origin);
  }

  /** With the kinds of machine that have worked on it. */
  public TrainingState workedOnBy(Set<String> machines) {
    return new TrainingState(
        step,
        policy,
        rolloutPolicy,
        optimizer,
        cursor,
        counters,
        best,
        origin.workedOnBy(machines));
  }

  public TrainingState with(BestSoFar found) {
    return new TrainingState(
        step, policy, rolloutPolicy, optimizer, cursor, counters, found, origin);
  }

  private TrainingState with(PolicyState moved, OptimizerState state, Counters counted) {
    return new TrainingState(step, moved, rolloutPolicy, state, cursor, counted, best, origin);
  }
}
