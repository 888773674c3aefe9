package io.medvol.reward;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.reward.response.ResponseForm;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a completion is rewarded for.
 *
 * @param mode the definition of the terms
 * @param responseForm the blocks a strict completion must have
 * @param weights name of a term to its weight, in the order of the ledger; a term of weight 0 is
 *     measured but does not count
 * @param consistencyRadius slices on either side of the predicted one over which cross-slice
 *     consistency compares masks
 * @param maxPropagatedBoxes an answer with more good boxes than this is not propagated and gets 0
 *     from the terms that need a mask: it bounds what one completion may cost
 * @param termTimeoutSeconds how long a term of the user may take for a group
 * @param termRetries how often a completion whose term failed or took too long is tried again
 * @param lengthPenalty what the term {@code length} takes off
 */
@ConfigDescription("What an answer is rewarded for.")
public record RewardConfig(
    @ConfigDescription("Definition of the terms: strict, or the released MedVol-R1 code's.")
        RewardMode mode,
    @ConfigDescription("Blocks a strict answer must have.") ResponseForm responseForm,
    @ConfigDescription(
            "Weight of each term: format, axial, spatial, consistency, dice3d, length, or a term of"
                + " your own by its name or its class; a term of weight 0 is measured only, one"
                + " without a value is left out.")
        Map<String, Double> weights,
    @ConfigDescription(
            "Slices on either side of the answered one over which consistency compares masks, at"
                + " least 0.")
        int consistencyRadius,
    @ConfigDescription(
            "An answer with more good boxes is not propagated and earns no mask; from 1.")
        int maxPropagatedBoxes,
    @ConfigDescription("Seconds a term of your own may take for a group, above 0 to 86400.")
        double termTimeoutSeconds,
    @ConfigDescription(
            "How often an answer whose term failed or took too long is tried again, 0 to 100.")
        int termRetries,
    LengthPenalty lengthPenalty)
    implements Serializable {
  public static final String FORMAT = "format";
  public static final String AXIAL = "axial";
  public static final String SPATIAL = "spatial";
  public static final String CONSISTENCY = "consistency";
  public static final String DICE_3D = "dice3d";
  public static final String LENGTH = "length";

  /** Slices on either side in the released code, and the best value in the paper's ablation. */
  public static final int DEFAULT_RADIUS = 5;

  public static final int DEFAULT_MAX_PROPAGATED_BOXES = 32;

  public static final double DEFAULT_TERM_TIMEOUT_SECONDS = 60;

  public static final int DEFAULT_TERM_RETRIES = 1;

  public RewardConfig {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(responseForm, "responseForm");
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    if (weights.isEmpty()) {
      throw invalid("rewards.weights is empty: name at least one term, such as format: 0.25");
    }
    weights.forEach(
        (name, weight) -> {
          if (weight == null || !Double.isFinite(weight)) {
            throw invalid("rewards.weights." + name + " is " + weight + ": give a finite number");
          }
        });
    if (consistencyRadius < 0) {
      throw invalid(
          "rewards.consistency-radius is " + consistencyRadius + ": give 0 slices or more");
    }
    if (maxPropagatedBoxes < 1) {
      throw invalid("rewards.max-propagated-boxes is " + maxPropagatedBoxes + ": give 1 or more");
    }
    if (!(termTimeoutSeconds > 0 && termTimeoutSeconds <= 86_400)) {
      throw invalid(
          "rewards.term-timeout-seconds is "
              + termTimeoutSeconds
              + ": give more than 0 and at most 86400");
    }
    if (termRetries < 0 || termRetries > 100) {
      throw invalid("rewards.term-retries is " + termRetries + ": give 0 to 100");
    }
    Objects.requireNonNull(lengthPenalty, "lengthPenalty");
  }

  /** Strict mode with the weights published for CT-ORG: a quarter each. */
  public static RewardConfig defaults() {
    return preset(RewardMode.STRICT, ctorgWeights());
  }

  public static RewardConfig preset(RewardMode mode, Map<String, Double> weights) {
    return new RewardConfig(
        mode,
        ResponseForm.THINK_ANSWER,
        weights,
        DEFAULT_RADIUS,
        DEFAULT_MAX_PROPAGATED_BOXES,
        DEFAULT_TERM_TIMEOUT_SECONDS,
        DEFAULT_TERM_RETRIES,
        LengthPenalty.defaults());
  }

  public static Map<String, Double> ctorgWeights() {
    return ordered(0.25, 0.25, 0.25, 0.25);
  }

  /** The weights published for KiTS23, which do without consistency. */
  public static Map<String, Double> kits23Weights() {
    Map<String, Double> weights = new LinkedHashMap<>(ordered(0.30, 0.35, 0.35, 0));
    weights.remove(CONSISTENCY);
    return Collections.unmodifiableMap(weights);
  }

  private static Map<String, Double> ordered(
      double format, double axial, double spatial, double consistency) {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put(FORMAT, format);
    weights.put(AXIAL, axial);
    weights.put(SPATIAL, spatial);
    weights.put(CONSISTENCY, consistency);
    return Collections.unmodifiableMap(weights);
  }

  private static MedVolException invalid(String message) {
    return new MedVolException(ErrorCode.INVALID_CONFIG, message);
  }
}
