package io.medvol.data.dataset;

import io.medvol.data.config.ConfigLimits;
import io.medvol.data.example.BoxRule;
import io.medvol.data.example.PromptMarkup;
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
    ConfigLimits limits = ConfigLimits.check();
    check(limits, "", target, labels, questions);
    limits
        .satisfies(
            "labels",
            labels,
            all -> all.stream().allMatch(v -> v >= 1 && v <= Short.MAX_VALUE),
            "values between 1 and 32767 (0 is the background)")
        .notEmpty("questions", questions)
        .orThrow();
  }

  /**
   * @param prefix of the keys in messages
   */
  static void check(
      ConfigLimits limits,
      String prefix,
      String target,
      List<Integer> labels,
      List<String> questions) {
    checkText(limits, prefix + "target", target);
    limits
        .notEmpty(prefix + "labels", labels)
        .satisfies(
            prefix + "questions",
            questions,
            all -> new HashSet<>(all).size() == all.size(),
            "each question once");
    for (int i = 0; i < questions.size(); i++) {
      checkText(limits, prefix + "questions[" + i + "]", questions.get(i));
    }
  }

  /** Of what a policy may read: not blank, and without the markup of special tokens. */
  static void checkText(ConfigLimits limits, String key, String text) {
    limits
        .notBlank(key, text)
        .satisfies(
            key,
            text,
            t -> t == null || PromptMarkup.first(t).isEmpty(),
            "a text without special tokens such as <|image_pad|>");
  }
}
