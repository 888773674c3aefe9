package io.medvol.rollout.objective;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the settings and batches of the reference losses. */
final class ObjectiveCases {
  private ObjectiveCases() {}

  static Objective objective(JsonNode options) {
    return new ObjectiveConfig(
            LossType.valueOf(options.get("loss_type").asText().toUpperCase(Locale.ROOT)),
            RatioLevel.valueOf(
                options.path("importance_sampling_level").asText("token").toUpperCase(Locale.ROOT)),
            options.has("epsilon")
                ? options.get("epsilon").asDouble()
                : options.get("epsilon_low").asDouble(),
            optional(options, "epsilon_high"),
            optional(options, "delta"),
            options.path("beta").asDouble(0),
            options.path("use_bias_correction_kl").asBoolean(false),
            false)
        .objective();
  }

  private static Optional<Double> optional(JsonNode options, String key) {
    return options.hasNonNull(key) ? Optional.of(options.get(key).asDouble()) : Optional.empty();
  }

  static double[][] rows(double[] values, int rows) {
    int length = values.length / rows;
    double[][] cut = new double[rows][];
    for (int i = 0; i < rows; i++) {
      cut[i] = Arrays.copyOfRange(values, i * length, (i + 1) * length);
    }
    return cut;
  }

  /** Counts the ones of each row, which must come first. */
  static int[] lengths(double[][] mask) {
    int[] lengths = new int[mask.length];
    for (int i = 0; i < mask.length; i++) {
      while (lengths[i] < mask[i].length && mask[i][lengths[i]] == 1) {
        lengths[i]++;
      }
      if (Arrays.stream(mask[i]).sum() != lengths[i]) {
        throw new AssertionError("Row " + i + " of the mask has a hole");
      }
    }
    return lengths;
  }

  /** Cuts rows to their unmasked length; a fully masked row keeps one token and is left out. */
  static double[][] cut(double[][] values, int[] lengths) {
    double[][] cut = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      cut[i] = Arrays.copyOf(values[i], Math.max(1, lengths[i]));
    }
    return cut;
  }

  /** Answers of the rows; {@code old} and {@code reference} may be null. */
  static List<Answer> answers(
      double[] advantages, double[][] old, double[][] reference, int[] lengths) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      answers.add(
          new Answer(
              advantages[i],
              old == null ? null : Arrays.copyOf(old[i], Math.max(1, lengths[i])),
              reference == null ? null : Arrays.copyOf(reference[i], Math.max(1, lengths[i])),
              lengths[i] == 0 ? Answer.Mask.LEFT_OUT : Answer.Mask.COUNTED));
    }
    return answers;
  }

  /** TRL divides by these; accumulation scales them. */
  static LossDenominators denominators(
      JsonNode options, LossType type, int[] lengths, double itemsInBatch, int maxLength) {
    double accumulation =
        options.has("current_gradient_accumulation_steps")
            ? options.get("current_gradient_accumulation_steps").asDouble()
            : options.path("gradient_accumulation_steps").asDouble(1);
    double stepsPerGeneration = options.path("steps_per_generation").asDouble(1);
    double local = Math.max(1, Arrays.stream(lengths).sum()) * accumulation;
    double global = itemsInBatch * accumulation / stepsPerGeneration;
    return new LossDenominators(
        lengths.length * accumulation, type == LossType.BNPO ? local : global, maxLength);
  }

  /** The metrics under TRL's names. */
  static double metric(String name, ObjectiveSums sums) {
    return switch (name) {
      case "kl" -> sums.meanKl();
      case "entropy" -> sums.meanEntropy();
      case "clip_ratio/low_mean" -> sums.meanClippedLow();
      case "clip_ratio/high_mean", "cispo_clip_ratio" -> sums.meanClippedHigh();
      case "clip_ratio/region_mean" -> sums.meanClippedLow() + sums.meanClippedHigh();
      case "clip_ratio/low_min" -> sums.lowestClippedLow();
      case "clip_ratio/high_max" -> sums.highestClippedHigh();
      default -> throw new AssertionError("No such metric: " + name);
    };
  }
}
