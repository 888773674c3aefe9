package io.medvol.model.tokenizer.jinja;

/** A compiled expression. */
@FunctionalInterface
interface Expression {
  Object evaluate(Scope scope);
}
