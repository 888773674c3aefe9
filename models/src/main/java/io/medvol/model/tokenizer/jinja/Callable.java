package io.medvol.model.tokenizer.jinja;

/** A function, a macro or a method bound to its receiver. */
@FunctionalInterface
interface Callable {
  Object call(Call call);
}
