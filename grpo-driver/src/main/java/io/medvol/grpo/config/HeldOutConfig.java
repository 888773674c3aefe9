package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;

/** How a run watches itself on samples it does not learn from. */
@ConfigDescription("How a run watches itself on samples it does not learn from.")
public record HeldOutConfig(
    @ConfigDescription("An evaluation is made every so many steps and at the end; 0 for never.")
        int evalSteps,
    @ConfigDescription(
            "Share of the volumes (or pictures), at least one, whose samples are held out of"
                + " training where there are evaluations; above 0 and below 1.")
        double evalShare,
    @ConfigDescription("Most held-out samples of an evaluation, at least 1.") int maxEvalSamples,
    @ConfigDescription(
            "Answers to each held-out prompt that GRPO draws besides the greedy one, at its"
                + " temperature, at least 0; SFT draws none.")
        int numGenerationsEval,
    @ConfigDescription(
            "Metric by which the checkpoint called best is chosen; less is better if its name ends"
                + " in loss.")
        String metricForBestModel,
    @ConfigDescription(
            "Evaluations in a row without a better metric that end the run, at least 0; 0 for"
                + " none.")
        int earlyStoppingPatience,
    @ConfigDescription("By how much a metric must be better to count, at least 0.")
        double earlyStoppingThreshold,
    @ConfigDescription("Whether the run's result is its best checkpoint instead of its last one.")
        boolean loadBestModelAtEnd) {
  public HeldOutConfig {
    ConfigLimits.check()
        .atLeast("eval-steps", evalSteps, 0)
        .satisfies("eval-share", evalShare, share -> share > 0 && share < 1, "above 0 and below 1")
        .atLeast("max-eval-samples", maxEvalSamples, 1)
        .atLeast("num-generations-eval", numGenerationsEval, 0)
        .notBlank("metric-for-best-model", metricForBestModel)
        .atLeast("early-stopping-patience", earlyStoppingPatience, 0)
        .atLeast("early-stopping-threshold", earlyStoppingThreshold, 0)
        .orThrow();
  }

  /** No evaluation. */
  public static HeldOutConfig defaults(String metricForBestModel) {
    return new HeldOutConfig(0, 0.1, 1000, 0, metricForBestModel, 0, 0, false);
  }

  public boolean evaluates() {
    return evalSteps > 0;
  }
}
