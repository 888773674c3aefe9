package io.medvol.rollout.objective;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.rollout.fixture.Objectives;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the settings and batches of the reference losses. */
final class ObjectiveCases {
  private ObjectiveCases() {}

  private static final List<String> KEYS =
      List.of(
          "loss_type",
          "importance_sampling_level",
          "epsilon",
          "epsilon_high",
          "delta",
          "beta",
          "off_policy_mask_threshold",
          "top_entropy_quantile",
          "importance_sampling_mode",
          "importance_sampling_clip_min",
          "importance_sampling_clip_max",
          "sapo_temperature_pos",
          "sapo_temperature_neg",
          "vespo_k_pos",
          "vespo_lambda_pos",
          "vespo_k_neg",
          "vespo_lambda_neg");

  /** The objective a job's YAML would give under TRL's names. */
  static Objective objective(JsonNode options) {
    List<String> settings = new ArrayList<>();
    for (String key : KEYS) {
      if (options.hasNonNull(key)) {
        settings.add(kebab(key) + "=" + kebab(options.get(key).asText()));
      }
    }
    if (options.has("epsilon_low")) {
      settings.add("epsilon=" + options.get("epsilon_low").asText());
    }
    settings.add("kl-clip-max=0");
    settings.add("use-bias-correction-kl=" + options.path("use_bias_correction_kl").asBoolean());
    return Objectives.of(settings.toArray(String[]::new));
  }

  private static String kebab(String name) {
    return name.replace('_', '-');
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

  /** Answers of the rows; {@code old}, {@code sampling} and {@code reference} may be null. */
  static List<Answer> answers(
      double[] advantages,
      double[][] old,
      double[][] sampling,
      double[][] reference,
      int[] lengths) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      answers.add(
          new Answer(
              advantages[i],
              row(old, i, lengths),
              row(sampling, i, lengths),
              row(reference, i, lengths),
              lengths[i] == 0 ? Answer.Mask.LEFT_OUT : Answer.Mask.COUNTED));
    }
    return answers;
  }

  private static double[] row(double[][] values, int i, int[] lengths) {
    return values == null ? null : Arrays.copyOf(values[i], Math.max(1, lengths[i]));
  }

  /** TRL divides by these; accumulation scales them. */
  static LossDenominators denominators(
      JsonNode options, int[] lengths, double itemsInBatch, int maxLength) {
    double accumulation =
        options.has("current_gradient_accumulation_steps")
            ? options.get("current_gradient_accumulation_steps").asDouble()
            : options.path("gradient_accumulation_steps").asDouble(1);
    double stepsPerGeneration = options.path("steps_per_generation").asDouble(1);
    return new LossDenominators(
        lengths.length * accumulation,
        Math.max(1, Arrays.stream(lengths).sum()) * accumulation,
        itemsInBatch * accumulation / stepsPerGeneration,
        maxLength);
  }

  /** The metrics under TRL's names. */
  static double metric(String name, ObjectiveSums sums) {
    return switch (name) {
      case "kl" -> sums.meanKl();
      case "entropy" -> sums.meanEntropy();
      case "clip_ratio/low_mean" -> sums.clips().meanLow();
      case "clip_ratio/high_mean", "cispo_clip_ratio" -> sums.clips().meanHigh();
      case "clip_ratio/region_mean" -> sums.clips().meanLow() + sums.clips().meanHigh();
      case "clip_ratio/low_min" -> sums.clips().lowestLow();
      case "clip_ratio/high_max" -> sums.clips().highestHigh();
      case "vespo/phi_seq_mean" -> sums.meanSequenceWeight();
      default -> throw new AssertionError("No such metric: " + name);
    };
  }
}
