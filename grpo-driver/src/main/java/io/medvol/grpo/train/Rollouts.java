package io.medvol.grpo.train;

import io.medvol.grpo.checkpoint.SamplerCursor;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.RolloutRequest.OldLogProbs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Draws the groups of each step. Where rollouts overlap, those of the next step are drawn in the
 * background by the policy this step began with: what is drawn depends on the state alone, whether
 * or not the drawing had begun before.
 */
final class Rollouts implements AutoCloseable {
  private final GrpoConfig config;
  private final PolicyState reference;
  private final PromptSampler prompts;
  private final StepRewards rewards;
  private final StepWorkers workers;
  private Pending pending;

  Rollouts(
      GrpoConfig config,
      PolicyState reference,
      PromptSampler prompts,
      StepRewards rewards,
      StepWorkers workers) {
    this.config = config;
    this.reference = reference;
    this.prompts = prompts;
    this.rewards = rewards;
    this.workers = workers;
  }

  /**
   * What was drawn for a step.
   *
   * @param policy that drew it
   * @param next where the prompts of the next step begin
   */
  record Draw(StepGroups groups, PolicyState policy, SamplerCursor next) {}

  private record Pending(int step, CompletableFuture<Draw> draw) {}

  /**
   * The groups of the step this state is before; starts on those of the next one if they overlap.
   */
  Draw next(TrainingState state) {
    PolicyState policy = state.olderRolloutPolicy().orElse(state.policy());
    Draw drawn =
        pending != null && pending.step() == state.step()
            ? join()
            : draw(state.step(), policy, state.cursor());
    if (config.overlapRollouts() && state.step() + 1 < config.steps()) {
      int step = state.step() + 1;
      pending =
          new Pending(
              step, CompletableFuture.supplyAsync(() -> draw(step, state.policy(), drawn.next())));
    }
    return drawn;
  }

  private Draw join() {
    try {
      return pending.draw().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    } finally {
      pending = null;
    }
  }

  private Draw draw(int step, PolicyState policy, SamplerCursor from) {
    PromptSampler.Batch batch = prompts.batch(from);
    List<RolloutOutcome> outcomes =
        new ArrayList<>(workers.rollout(request(step, policy), batch.samples()));
    SamplerCursor cursor = batch.next();
    int refills = 0;
    while (config.dynamicSample() && refills < config.maxResampleTimes()) {
      int missing = config.promptsPerStep() - spread(outcomes);
      Set<String> drawn = new HashSet<>();
      outcomes.forEach(outcome -> drawn.add(outcome.sample().id()));
      PromptSampler.Batch more = prompts.batch(cursor, missing, drawn);
      if (missing == 0 || more.samples().isEmpty()) {
        break;
      }
      outcomes.addAll(workers.rollout(request(step, policy), more.samples()));
      cursor = more.next();
      refills++;
    }
    StepGroups groups =
        StepGroups.of(outcomes, config.numGenerations(), config.maxFailedShare(), step);
    return new Draw(
        config.dynamicSample() ? groups.keeping(rewards::spread, refills) : groups, policy, cursor);
  }

  private int spread(List<RolloutOutcome> outcomes) {
    int count = 0;
    for (RolloutOutcome outcome : outcomes) {
      if (outcome instanceof RolloutOutcome.Rolled rolled) {
        TrajectoryGroup group = rolled.group();
        count += rewards.spread(group) ? 1 : 0;
      }
    }
    return count;
  }

  private RolloutRequest request(int step, PolicyState policy) {
    return new RolloutRequest(
        policy,
        reference,
        config.seed(),
        step,
        config.numGenerations(),
        config.sampling().params(),
        config.readsOldLogProbs() ? OldLogProbs.SCORED : OldLogProbs.AS_DECODED);
  }

  /** Waits for what is being drawn, so that the workers can be closed. */
  @Override
  public void close() {
    if (pending != null) {
      pending.draw().exceptionally(failure -> null).join();
      pending = null;
    }
  }
}
