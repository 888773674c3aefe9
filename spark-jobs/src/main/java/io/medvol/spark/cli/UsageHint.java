package io.medvol.spark.cli;

import io.medvol.data.config.ConfigKeys;
import io.medvol.spark.config.MedVolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a person most likely meant who gave a word that the command line does not know. */
final class UsageHint {
  private static final int MOST = 3;

  private UsageHint() {}

  /**
   * A sentence for the first unknown word; empty if all are known or nothing comes near it. Words
   * count as unknown too where what is missing was found first.
   */
  static Optional<String> of(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    List<String> unknown =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched.getUnmatched()
            : fromUnknownOption(command.getCommandSpec(), List.of(arguments));
    if (unknown.isEmpty()) {
      return Optional.empty();
    }
    String word = unknown.get(0);
    if (word.startsWith("-")) {
      Optional<String> setting = setting(word, unknown, command.getCommandSpec());
      return setting.isPresent() ? setting : meant(word, options(command.getCommandSpec()));
    }
    return meant(word, List.copyOf(command.getSubcommands().keySet()));
  }

  private static List<String> fromUnknownOption(CommandSpec command, List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (word.startsWith("--") && command.findOption(word.split("=", 2)[0]) == null) {
        return arguments.subList(i, arguments.size());
      }
    }
    return List.of();
  }

  private static List<String> options(CommandSpec command) {
    return command.options().stream().map(OptionSpec::longestName).toList();
  }

  /** An option that is a setting here, as it is an option of TRL and of Hugging Face's trainer. */
  private static Optional<String> setting(String word, List<String> all, CommandSpec command) {
    String[] parts = word.replaceFirst("^-+", "").split("=", 2);
    String name = parts[0].replace('_', '-').toLowerCase(Locale.ROOT);
    Set<String> keys = ConfigKeys.of(MedVolConfig.class);
    List<String> fitting =
        keys.stream().filter(key -> key.equals(name) || key.endsWith("." + name)).toList();
    if (fitting.isEmpty() || command.findOption("--set") == null) {
      return Optional.empty();
    }
    String own = command.name() + ".";
    String key =
        fitting.stream().filter(fit -> fit.startsWith(own)).findFirst().orElse(fitting.get(0));
    String value =
        parts.length == 2
            ? parts[1]
            : all.size() > 1 && !all.get(1).startsWith("--") ? all.get(1) : "VALUE";
    return Optional.of(parts[0] + " is a setting: --set " + key + "=" + value);
  }

  /** Candidates that begin with the word or hold it, or else the one that is spelt most like it. */
  private static Optional<String> meant(String word, List<String> candidates) {
    List<String> near = new ArrayList<>();
    switch (word) {
      case "train" -> near.addAll(List.of("train-segmenter", "sft", "grpo"));
      default ->
          candidates.stream()
              .filter(candidate -> candidate.startsWith(word))
              .limit(MOST)
              .forEach(near::add);
    }
    near.retainAll(candidates);
    if (near.isEmpty()) {
      ConfigKeys.nearest(word, candidates).ifPresent(near::add);
    }
    if (near.isEmpty()) {
      return Optional.empty();
    }
    int last = near.size() - 1;
    return Optional.of(
        "Instead of "
            + word
            + ", did you mean "
            + (last == 0
                ? near.get(0)
                : String.join(", ", near.subList(0, last)) + " or " + near.get(last))
            + "?");
  }
}
