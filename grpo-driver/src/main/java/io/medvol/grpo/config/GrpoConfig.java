package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.grpo.advantage.MultiObjectiveAggregation;
import io.medvol.grpo.advantage.ScaleRewards;
import io.medvol.rollout.objective.LossType;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.objective.RatioLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A GRPO run. */
@ConfigDescription("A GRPO run: how many steps of how many groups, and what is learned from them.")
public record GrpoConfig(
    @ConfigDescription("Generation steps of the run, at least 1.") int steps,
    @ConfigDescription(
            "Prompts of a step, at least 1; as many as there are, with a warning, where there are"
                + " fewer.")
        int promptsPerStep,
    @ConfigDescription("Answers to each prompt, at least 2.") int numGenerations,
    @ConfigDescription("Updates made on each step's answers, at least 1.") int numIterations,
    @ConfigDescription(
            "Updates each pass over a step's answers is cut into, 1 to prompts-per-step; a group"
                + " stays whole.")
        int stepsPerGeneration,
    @ConfigDescription("By which deviation centred rewards are divided.") ScaleRewards scaleRewards,
    @ConfigDescription(
            "Whether the terms of the reward are summed and then normalised, or normalised and then"
                + " summed (GDPO), by rewards.weights.")
        MultiObjectiveAggregation multiObjectiveAggregation,
    @ConfigDescription(
            "DAPO's soft overlong punishment: an answer loses up to 1 of its reward over its last"
                + " so many tokens before max-completion-length; 0 for none.")
        int softPunishCache,
    @ConfigDescription(
            "Whether groups whose rewards have no spread are replaced by groups of further prompts"
                + " (DAPO's dynamic sampling).")
        boolean dynamicSample,
    @ConfigDescription(
            "Whether answers that objective.mask-truncated-completions leaves out of the loss count"
                + " in mean, deviation and spread of their group, as in TRL.")
        boolean truncatedCompletionsInBaseline,
    @ConfigDescription("Most refills of a step by dynamic-sample, at least 1.")
        int maxResampleTimes,
    @ConfigDescription("Steps in a row in which no group has spread that end the run, at least 1.")
        int maxDegenerateSteps,
    @ConfigDescription(
            "Whether a step's answers are drawn while the step before is learnt from, by the policy"
                + " that step began with.")
        boolean overlapRollouts,
    @ConfigDescription(
            "Parts a step's work is cut into, at least 1; part of the result's identity.")
        int partitions,
    @ConfigDescription("Most answers of a group that are differentiated together, at least 1.")
        int microBatch,
    @ConfigDescription("Seed of all random draws of the run.") long seed,
    @ConfigDescription("A checkpoint is written every so many steps, at least 1, and at the end.")
        int saveSteps,
    @ConfigDescription("Newest checkpoints that are kept, at least 1.") int saveTotalLimit,
    @ConfigDescription("Share of a step's prompts that may fail before the run stops, 0 to 1.")
        double maxFailedShare,
    @ConfigDescription(
            "A negative control: what answers earned is dealt out among all answers of a step at"
                + " random, so that there is nothing to learn and no run may improve.")
        boolean shuffleRewards,
    SamplingConfig sampling,
    ObjectiveConfig objective,
    OptimizerConfig optimizer,
    HeldOutConfig evaluation) {
  public GrpoConfig {
    ConfigLimits.check()
        .atLeast("steps", steps, 1)
        .atLeast("prompts-per-step", promptsPerStep, 1)
        .atLeast("num-generations", numGenerations, 2)
        .atLeast("num-iterations", numIterations, 1)
        .between("steps-per-generation", stepsPerGeneration, 1, Math.max(promptsPerStep, 1))
        .between(
            "soft-punish-cache", softPunishCache, 0, Math.max(0, sampling.maxCompletionLength()))
        .satisfies(
            "multi-objective-aggregation",
            multiObjectiveAggregation,
            way ->
                way == MultiObjectiveAggregation.SUM_THEN_NORMALIZE
                    || !(objective.klInReward() && objective.beta() > 0),
            "sum-then-normalize where kl-in-reward")
        .satisfies(
            "objective.importance-sampling-mode",
            objective.importanceSamplingMode(),
            mode ->
                !mode.perAnswer()
                    || !overlapRollouts
                    || !objective.importanceSamplingCorrection()
                    || objective.lossType() != LossType.VESPO,
            "token-truncate or token-mask where objective.loss-type is vespo and overlap-rollouts"
                + " is true, since vespo multiplies the weights of an answer's tokens")
        .atLeast("max-resample-times", maxResampleTimes, 1)
        .atLeast("max-degenerate-steps", maxDegenerateSteps, 1)
        .atLeast("partitions", partitions, 1)
        .atLeast("micro-batch", microBatch, 1)
        .atLeast("save-steps", saveSteps, 1)
        .atLeast("save-total-limit", saveTotalLimit, 1)
        .between("max-failed-share", maxFailedShare, 0, 1)
        .orThrow();
  }

  /**
   * Whether anything but the first update on a draw reads the log-probabilities it was made with.
   */
  public boolean readsOldLogProbs() {
    return numIterations * stepsPerGeneration > 1
        || overlapRollouts
        || (objective.klInReward() && objective.beta() > 0);
  }

  /**
   * The same for a data set of so many samples: a step cannot hold a sample twice.
   *
   * @param samples at least 1
   */
  public GrpoConfig fitting(int samples) {
    int prompts = Math.min(promptsPerStep, samples);
    return new GrpoConfig(
        steps,
        prompts,
        numGenerations,
        numIterations,
        Math.min(stepsPerGeneration, prompts),
        scaleRewards,
        multiObjectiveAggregation,
        softPunishCache,
        dynamicSample,
        truncatedCompletionsInBaseline,
        maxResampleTimes,
        maxDegenerateSteps,
        overlapRollouts,
        partitions,
        microBatch,
        seed,
        saveSteps,
        saveTotalLimit,
        maxFailedShare,
        shuffleRewards,
        sampling,
        objective,
        optimizer,
        evaluation);
  }

  /** Combinations that are allowed but seldom meant, each in a sentence; TRL warns of them too. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    LossType loss = objective.lossType();
    boolean sequence = objective.importanceSamplingLevel() == RatioLevel.SEQUENCE;
    if (loss == LossType.CISPO && objective.epsilonHigh().isEmpty()) {
      warnings.add(
          "objective.loss-type is cispo without objective.epsilon-high, so that ratios are capped"
              + " at "
              + objective.epsilon()
              + "; set epsilon-high to the cap itself, such as 5.0.");
    }
    if (sequence
        && Set.of(LossType.BNPO, LossType.DR_GRPO, LossType.DAPO, LossType.CISPO).contains(loss)) {
      warnings.add(
          "objective.importance-sampling-level is sequence, but objective.loss-type "
              + name(loss)
              + " weighs a completion by its length; set loss-type grpo for GSPO.");
    }
    if (loss == LossType.LUSPO && !sequence) {
      warnings.add(
          "objective.loss-type luspo is meant for objective.importance-sampling-level sequence;"
              + " it is token.");
    }
    if (loss == LossType.VESPO && sequence) {
      warnings.add(
          "objective.loss-type vespo takes the ratio of a completion itself; set"
              + " objective.importance-sampling-level to token.");
    }
    return warnings;
  }

  private static String name(LossType loss) {
    return loss.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static GrpoConfig defaults() {
    return new GrpoConfig(
        100,
        4,
        8,
        1,
        1,
        ScaleRewards.GROUP,
        MultiObjectiveAggregation.SUM_THEN_NORMALIZE,
        0,
        false,
        false,
        3,
        25,
        false,
        4,
        8,
        42,
        10,
        2,
        0.5,
        false,
        SamplingConfig.defaults(),
        ObjectiveConfig.defaults(),
        OptimizerConfig.defaults(),
        HeldOutConfig.defaults("eval_reward"));
  }
}
