package io.medvol.model.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/**
 * The variables seen at one place: those set here, then those of the surroundings. A loop or a
 * macro opens a scope, so what it sets does not leak.
 */
final class Scope {
  private final Scope outer;
  private final Budget budget;
  private final Map<String, Object> variables = new HashMap<>(4);

  Scope(Budget budget) {
    this.outer = null;
    this.budget = budget;
  }

  private Scope(Scope outer) {
    this.outer = outer;
    this.budget = outer.budget;
  }

  Scope inner() {
    return new Scope(this);
  }

  /** The outermost scope, all that the body of a macro sees. */
  Scope global() {
    Scope scope = this;
    while (scope.outer != null) {
      scope = scope.outer;
    }
    return scope;
  }

  Budget budget() {
    return budget;
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.variables.containsKey(name)) {
        return scope.variables.get(name);
      }
    }
    return new Undefined(name);
  }
}
