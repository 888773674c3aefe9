package io.medvol.data.config;

import java.util.Objects;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key path of the key, such as {@code grpo.num-generations}; empty for the file as a whole
 * @param origin where the value was given, such as {@code conf/grpo.yaml:12} or {@code --set};
 *     empty for a default
 * @param message the value met and what is allowed
 */
public record ConfigProblem(String key, String origin, String message) {
  public ConfigProblem {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(message, "message");
  }

  /** The problem as one clause of a report. */
  public String sentence() {
    String place = origin.isEmpty() ? "" : " (" + origin + ")";
    return key.isEmpty() ? message + place : key + place + ": " + message;
  }
}
