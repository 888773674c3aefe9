package io.medvol.model.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** A function, a macro or a method bound to its receiver. */
@FunctionalInterface
interface Callable {
  Object call(List<Object> positional, Map<String, Object> named);
}
