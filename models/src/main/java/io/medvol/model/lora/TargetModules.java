package io.medvol.model.lora;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Which linear modules get an adapter, by their names in transformers. Names from before 4.52 are
 * understood too. Immutable and thread-safe.
 */
public sealed interface TargetModules extends Serializable {
  boolean matches(String module);

  /** The current names of the modules that are targets. */
  default Set<String> select(List<ModuleName> modules) {
    return currentNames(modules, module -> matches(module.current()));
  }

  private static Set<String> currentNames(List<ModuleName> modules, Predicate<ModuleName> wanted) {
    return modules.stream().filter(wanted).map(ModuleName::current).collect(Collectors.toSet());
  }

  /**
   * The targets as peft's {@code target_modules} gives them: names; or one text, {@code all-linear}
   * or a regular expression, known by the characters that no name has.
   *
   * @throws MedVolException INVALID_INPUT if the text is not a regular expression
   */
  static TargetModules of(List<String> words) {
    if (words.size() == 1 && words.get(0).equals(AllLinear.NAME)) {
      return new AllLinear();
    }
    boolean names = words.stream().allMatch(word -> word.matches("[A-Za-z0-9_.-]+"));
    return names || words.size() != 1 ? new Suffixes(words) : Expression.of(words.get(0));
  }

  /** What {@link #of} takes. */
  List<String> words();

  /** Modules whose name, or the last parts of it, is one of these. */
  record Suffixes(List<String> names) implements TargetModules {
    public Suffixes {
      names = List.copyOf(names);
    }

    @Override
    public List<String> words() {
      return names;
    }

    @Override
    public boolean matches(String module) {
      return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    /** A name that is the last part of an older one is also the last part of the current one. */
    @Override
    public Set<String> select(List<ModuleName> modules) {
      return currentNames(
          modules, module -> matches(module.current()) || names.contains(module.older()));
    }
  }

  /** Modules whose whole name matches a regular expression. */
  record Expression(String text, Pattern pattern) implements TargetModules {
    private static final int LONGEST = 1000;
    private static final int MOST_STEPS = 1_000_000;

    /**
     * @throws MedVolException INVALID_INPUT if it is not a regular expression
     */
    public static Expression of(String text) {
      if (text.length() > LONGEST) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "target_modules is a text of "
                + text.length()
                + " characters: expected a regular expression of at most "
                + LONGEST);
      }
      try {
        return new Expression(text, Pattern.compile(text));
      } catch (PatternSyntaxException e) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "target_modules is \"" + text + "\", not a regular expression: " + e.getDescription(),
            e);
      }
    }

    @Override
    public List<String> words() {
      return List.of(text);
    }

    @Override
    public boolean matches(String module) {
      return pattern.matcher(new Patience(module, new int[] {MOST_STEPS})).matches();
    }

    /**
     * An expression that names nothing by the current names speaks of the older ones. It is never
     * read by both: one that leaves out {@code model\\.visual} by name means the current names.
     */
    @Override
    public Set<String> select(List<ModuleName> modules) {
      Set<String> current = currentNames(modules, module -> matches(module.current()));
      return current.isEmpty() ? currentNames(modules, module -> matches(module.older())) : current;
    }

    /** A text that can be looked at so many times: some expressions never finish otherwise. */
    private record Patience(String text, int[] left) implements CharSequence {
      @Override
      public char charAt(int index) {
        if (left[0]-- == 0) {
          throw new MedVolException(
              ErrorCode.INVALID_INPUT,
              "The regular expression in target_modules takes too long on the module name "
                  + text
                  + ": expected a simpler one");
        }
        return text.charAt(index);
      }

      @Override
      public int length() {
        return text.length();
      }

      @Override
      public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
      }

      @Override
      public String toString() {
        return text;
      }
    }
  }

  /** Every linear module but the output head. */
  record AllLinear() implements TargetModules {
    static final String NAME = "all-linear";

    @Override
    public List<String> words() {
      return List.of(NAME);
    }

    @Override
    public boolean matches(String module) {
      return !AdapterNames.WITHOUT_ADAPTER.contains(module);
    }
  }
}
