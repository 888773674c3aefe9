package io.medvol.rollout.objective;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.util.Optional;

/** The loss as a user configures it; names and defaults are TRL's. */
@ConfigDescription("The loss; names and defaults are TRL's.")
public record ObjectiveConfig(
    @ConfigDescription("Which loss of the GRPO family.") LossType lossType,
    @ConfigDescription("One importance ratio for each token, or for each answer (GSPO).")
        RatioLevel importanceSamplingLevel,
    @ConfigDescription("The ratio is clipped below at 1 - epsilon; from 0 to below 1.")
        double epsilon,
    @ConfigDescription(
            "The ratio is clipped above at 1 + epsilon-high; for cispo it is the cap itself. At "
                + "least 0; as epsilon if absent.")
        Optional<Double> epsilonHigh,
    @ConfigDescription(
            "Bound on the unclipped ratio (two-sided clipping), above 0; none if absent.")
        Optional<Double> delta,
    @ConfigDescription("Weight of the KL term to the reference policy, at least 0; 0 for none.")
        double beta,
    @ConfigDescription("Whether the KL term is weighted by the importance ratio.")
        boolean useBiasCorrectionKl,
    @ConfigDescription("Whether answers that hit the length limit leave the loss.")
        boolean maskTruncatedCompletions) {
  public ObjectiveConfig {
    ConfigLimits limits =
        ConfigLimits.check()
            .satisfies("epsilon", epsilon, e -> e >= 0 && e < 1, "from 0 to below 1")
            .atLeast("beta", beta, 0);
    epsilonHigh.ifPresent(value -> limits.atLeast("epsilon-high", value, 0));
    delta.ifPresent(value -> limits.above("delta", value, 0));
    limits.orThrow();
  }

  public static ObjectiveConfig defaults() {
    return new ObjectiveConfig(
        LossType.DAPO,
        RatioLevel.TOKEN,
        0.2,
        Optional.empty(),
        Optional.empty(),
        0.0,
        false,
        false);
  }

  /** The same, resolved for the workers. */
  public Objective objective() {
    return new Objective(
        lossType,
        importanceSamplingLevel,
        epsilon,
        epsilonHigh.orElse(epsilon),
        delta.orElse(Double.POSITIVE_INFINITY),
        beta,
        useBiasCorrectionKl ? Objective.KlWeight.RATIO : Objective.KlWeight.ONE,
        maskTruncatedCompletions ? Objective.Truncated.LEFT_OUT : Objective.Truncated.KEPT);
  }
}
