package io.medvol.data.dataset;

import io.medvol.data.config.ConfigLimits;
import io.medvol.data.example.BoxRule;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * A structure that is asked for, and the ways of asking.
 *
 * @param target name of the structure, for reports; the policy never sees it
 * @param labels label values whose union is the structure
 * @param boxRule how ground-truth boxes are drawn
 * @param questions each gives one sample of every volume that holds the structure
 */
public record StructureQuery(
    String target, List<Integer> labels, BoxRule boxRule, List<String> questions)
    implements Serializable {
  public StructureQuery {
    Objects.requireNonNull(boxRule, "boxRule");
    labels = List.copyOf(labels);
    questions = List.copyOf(questions);
    limits(target, labels, questions).orThrow();
  }

  static ConfigLimits limits(String target, List<Integer> labels, List<String> questions) {
    return ConfigLimits.check()
        .notBlank("target", target)
        .notEmpty("labels", labels)
        .satisfies(
            "labels",
            labels,
            all -> all.stream().allMatch(v -> v >= 1 && v <= Short.MAX_VALUE),
            "values between 1 and 32767 (0 is the background)")
        .notEmpty("questions", questions)
        .satisfies(
            "questions",
            questions,
            all -> all.stream().noneMatch(String::isBlank),
            "texts that are not blank")
        .satisfies(
            "questions",
            questions,
            all -> new HashSet<>(all).size() == all.size(),
            "each question once");
  }
}
