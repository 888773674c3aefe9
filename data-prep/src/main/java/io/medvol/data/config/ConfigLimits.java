package io.medvol.data.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Collects what a record's compact constructor finds wrong with its values, so that all of it is
 * reported together: {@code ConfigLimits.check().atLeast("steps", steps, 1).orThrow()}. Keys are
 * relative to the record; the loader puts the path before them. Not thread-safe.
 */
public final class ConfigLimits {
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigLimits() {}

  public static ConfigLimits check() {
    return new ConfigLimits();
  }

  public ConfigLimits atLeast(String key, double value, double least) {
    return satisfies(key, value, v -> v >= least, "at least " + plain(least));
  }

  public ConfigLimits above(String key, double value, double bound) {
    return satisfies(key, value, v -> v > bound, "above " + plain(bound));
  }

  /** Both ends allowed. */
  public ConfigLimits between(String key, double value, double least, double most) {
    return satisfies(
        key,
        value,
        v -> v >= least && v <= most,
        "between " + plain(least) + " and " + plain(most));
  }

  public ConfigLimits notBlank(String key, String value) {
    return satisfies(key, value, v -> v != null && !v.isBlank(), "a text that is not blank");
  }

  public ConfigLimits notEmpty(String key, List<?> value) {
    return satisfies(key, value, v -> !v.isEmpty(), "at least one item");
  }

  /** A rule of the caller's: {@code allowed} completes "is VALUE; allowed: ...". */
  public <V> ConfigLimits satisfies(
      String key, V value, Predicate<? super V> rule, String allowed) {
    if (!rule.test(value)) {
      Object shown =
          value instanceof Double number
              ? plain(number)
              : value instanceof String text ? "'" + text + "'" : value;
      problems.add(new ConfigProblem(key, "", "is " + shown + "; allowed: " + allowed));
    }
    return this;
  }

  /** Ends the check. */
  public void orThrow() {
    if (!problems.isEmpty()) {
      throw new ViolationsException(problems);
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** The violations of one record, with keys relative to it. */
  static final class ViolationsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ViolationsException(List<ConfigProblem> problems) {
      super(Objects.requireNonNull(ConfigLoader.report(problems)));
      this.problems = List.copyOf(problems);
    }

    List<ConfigProblem> problems() {
      return problems;
    }
  }
}
