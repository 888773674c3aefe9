package io.medvol.model.tokenizer.jinja;

/** A compiled expression. */
@FunctionalInterface
interface Expression {
  Object evaluate(Scope scope);

  /** The expression with each evaluation counted: a step, and a level while it goes on. */
  static Expression counted(Expression expression) {
    return scope -> {
      Budget budget = scope.budget();
      budget.step();
      budget.enter();
      Object value = expression.evaluate(scope);
      budget.leave();
      return value;
    };
  }
}
