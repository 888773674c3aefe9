package io.medvol.model.lora;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which linear modules get an adapter, by their names in transformers, such as {@code
 * model.language_model.layers.0.self_attn.q_proj}. Immutable and thread-safe.
 */
public sealed interface TargetModules {
  boolean matches(String module);

  /** Modules whose name, or the last parts of it, is one of these. */
  record Suffixes(List<String> names) implements TargetModules {
    public Suffixes {
      names = List.copyOf(names);
    }

    @Override
    public boolean matches(String module) {
      return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }
  }

  /** Modules whose whole name matches a regular expression. */
  record Expression(String text, Pattern pattern) implements TargetModules {
    /**
     * @throws MedVolException INVALID_INPUT if it is not a regular expression
     */
    public static Expression of(String text) {
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
    public boolean matches(String module) {
      return pattern.matcher(module).matches();
    }
  }

  /** Every linear module but the output head. */
  record AllLinear() implements TargetModules {
    @Override
    public boolean matches(String module) {
      return !AdapterNames.WITHOUT_ADAPTER.contains(module);
    }
  }
}
