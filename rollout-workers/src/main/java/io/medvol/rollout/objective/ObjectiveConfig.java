package io.medvol.rollout.objective;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.util.Optional;

/** The loss as a user configures it; names and defaults are TRL's unless said otherwise. */
@ConfigDescription("The loss; names and defaults are TRL's unless said otherwise.")
public record ObjectiveConfig(
    @ConfigDescription("Which loss of the GRPO family.") LossType lossType,
    @ConfigDescription("One importance ratio for each token, or for each answer (GSPO).")
        RatioLevel importanceSamplingLevel,
    @ConfigDescription("The ratio is clipped below at 1 - epsilon; from 0 to below 1.")
        double epsilon,
    @ConfigDescription(
            "The ratio is clipped above at 1 + epsilon-high; for cispo it is the cap itself. At"
                + " least 0; as epsilon if absent.")
        Optional<Double> epsilonHigh,
    @ConfigDescription(
            "Bound on the unclipped ratio (two-sided clipping), above 0; none if absent.")
        Optional<Double> delta,
    @ConfigDescription(
            "Dual clipping: the loss of a negative advantage is at most so many times its size;"
                + " above 1, none if absent (verl's name).")
        Optional<Double> clipRatioC,
    @ConfigDescription("Weight of the KL term to the reference policy, at least 0; 0 for none.")
        double beta,
    @ConfigDescription("Estimate of the KL divergence at a token; TRL has k3 alone.")
        KlEstimator klEstimator,
    @ConfigDescription(
            "Most the k3 estimate of a token can be (verl's bound), at least 0; 0 for none, as in"
                + " TRL.")
        double klClipMax,
    @ConfigDescription(
            "Whether the KL term lowers the rewards of the answers instead of raising the loss"
                + " (ms-swift's name).")
        boolean klInReward,
    @ConfigDescription("Whether the KL term of the loss is weighted by the importance ratio.")
        boolean useBiasCorrectionKl,
    @ConfigDescription("Whether answers that hit the length limit leave the loss.")
        boolean maskTruncatedCompletions,
    @ConfigDescription(
            "Share of the tokens of an update, those of the highest entropy, that have a policy"
                + " loss; 0 to 1, 1 for all.")
        double topEntropyQuantile,
    @ConfigDescription(
            "An answer with a negative advantage leaves the policy loss where its mean"
                + " log-probability fell by more than this since it was drawn; above 0, never if"
                + " absent.")
        Optional<Double> offPolicyMaskThreshold,
    @ConfigDescription(
            "Whether answers drawn by an older policy are weighted by what the policy makes of them"
                + " (TRL's vllm-importance-sampling-correction).")
        boolean importanceSamplingCorrection,
    @ConfigDescription(
            "One such weight for each token or for each answer, truncated at its bounds or 0"
                + " outside them.")
        ImportanceSamplingMode importanceSamplingMode,
    @ConfigDescription(
            "Lower bound of such a weight, at least 0 and below the upper one; none if absent.")
        Optional<Double> importanceSamplingClipMin,
    @ConfigDescription("Upper bound of such a weight, above 0.") double importanceSamplingClipMax,
    @ConfigDescription("Steepness of sapo's gate for positive advantages, above 0.")
        double sapoTemperaturePos,
    @ConfigDescription("Steepness of sapo's gate for negative advantages, above 0.")
        double sapoTemperatureNeg,
    @ConfigDescription("Exponent of vespo's weight for positive advantages, at least 0.")
        double vespoKPos,
    @ConfigDescription("Rate of vespo's weight for positive advantages, at least 0.")
        double vespoLambdaPos,
    @ConfigDescription("Exponent of vespo's weight for negative advantages, at least 0.")
        double vespoKNeg,
    @ConfigDescription("Rate of vespo's weight for negative advantages, at least 0.")
        double vespoLambdaNeg) {
  public ObjectiveConfig {
    ConfigLimits limits =
        ConfigLimits.check()
            .satisfies("epsilon", epsilon, e -> e >= 0 && e < 1, "from 0 to below 1")
            .atLeast("beta", beta, 0)
            .atLeast("kl-clip-max", klClipMax, 0)
            .between("top-entropy-quantile", topEntropyQuantile, 0, 1)
            .above("importance-sampling-clip-max", importanceSamplingClipMax, 0)
            .above("sapo-temperature-pos", sapoTemperaturePos, 0)
            .above("sapo-temperature-neg", sapoTemperatureNeg, 0)
            .atLeast("vespo-k-pos", vespoKPos, 0)
            .atLeast("vespo-lambda-pos", vespoLambdaPos, 0)
            .atLeast("vespo-k-neg", vespoKNeg, 0)
            .atLeast("vespo-lambda-neg", vespoLambdaNeg, 0);
    double max = importanceSamplingClipMax;
    epsilonHigh.ifPresent(value -> limits.atLeast("epsilon-high", value, 0));
    delta.ifPresent(value -> limits.above("delta", value, 0));
    clipRatioC.ifPresent(value -> limits.above("clip-ratio-c", value, 1));
    offPolicyMaskThreshold.ifPresent(value -> limits.above("off-policy-mask-threshold", value, 0));
    importanceSamplingClipMin.ifPresent(
        value ->
            limits.satisfies(
                "importance-sampling-clip-min",
                value,
                min -> min >= 0 && min < max,
                "at least 0 and below importance-sampling-clip-max"));
    limits.orThrow();
  }

  public static ObjectiveConfig defaults() {
    return new ObjectiveConfig(
        LossType.DAPO,
        RatioLevel.TOKEN,
        0.2,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0.0,
        KlEstimator.K3,
        10.0,
        false,
        true,
        false,
        1.0,
        Optional.empty(),
        true,
        ImportanceSamplingMode.SEQUENCE_MASK,
        Optional.empty(),
        3.0,
        1.0,
        1.05,
        2.0,
        3.0,
        3.0,
        2.0);
  }

  /** The same, resolved for the workers. */
  public Objective objective() {
    return new Objective(
        lossType,
        importanceSamplingLevel,
        new Clipping(
            epsilon,
            epsilonHigh.orElse(epsilon),
            delta.orElse(Double.POSITIVE_INFINITY),
            clipRatioC.orElse(Double.POSITIVE_INFINITY)),
        new KlTerm(
            beta,
            klEstimator,
            klClipMax == 0 ? Double.POSITIVE_INFINITY : klClipMax,
            useBiasCorrectionKl ? KlTerm.Weight.RATIO : KlTerm.Weight.ONE,
            klInReward ? KlTerm.Place.REWARD : KlTerm.Place.LOSS),
        maskTruncatedCompletions ? Objective.Truncated.LEFT_OUT : Objective.Truncated.KEPT,
        topEntropyQuantile,
        new OffPolicy(
            importanceSamplingCorrection
                ? OffPolicy.Correction.IMPORTANCE_SAMPLING
                : OffPolicy.Correction.NONE,
            importanceSamplingMode,
            importanceSamplingClipMin.orElse(0.0),
            importanceSamplingClipMax,
            offPolicyMaskThreshold.orElse(Double.POSITIVE_INFINITY)),
        new Objective.SapoTemperatures(sapoTemperaturePos, sapoTemperatureNeg),
        new Objective.VespoShape(vespoKPos, vespoLambdaPos, vespoKNeg, vespoLambdaNeg));
  }
}
