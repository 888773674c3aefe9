package io.medvol.spark.cli;

import java.util.Arrays;
import java.util.Map;

/** What becomes of a command's work that a signal stops. */
final class Consequences {
  private static final String RESUMES =
      "Run the same command again: it goes on from the last checkpoint, or begins anew if there is"
          + " none yet.";
  private static final String REPEATS = "Run the same command again: it begins anew.";

  private static final Map<String, String> BY_COMMAND =
      Map.of(
          "sft",
          RESUMES,
          "grpo",
          RESUMES,
          "pretrain",
          RESUMES,
          "train-segmenter",
          RESUMES,
          "quickstart",
          "Run the same command again: it goes on with what is not finished.",
          "matrix",
          "Run the same command again: it goes on with what is not finished.",
          "ablate",
          "Run the same command again: it goes on with what is not finished.",
          "evaluate",
          "No answers were written. " + REPEATS,
          "prepare",
          "The data set is not finished. " + REPEATS);

  private Consequences() {}

  /** A sentence for the first argument that names a command. */
  static String of(String... arguments) {
    return Arrays.stream(arguments)
        .filter(BY_COMMAND::containsKey)
        .findFirst()
        .map(BY_COMMAND::get)
        .orElse(REPEATS);
  }
}
