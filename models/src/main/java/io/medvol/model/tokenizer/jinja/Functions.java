package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions a template may call. */
final class Functions {
  private static final long MAX_RANGE = 100_000;

  private Functions() {}

  static void define(Scope scope) {
    scope.set("namespace", (Callable) (positional, named) -> Namespace.of(named));
    scope.set("dict", (Callable) (positional, named) -> new LinkedHashMap<>(named));
    scope.set("range", (Callable) Functions::range);
    scope.set("raise_exception", (Callable) Functions::raise);
  }

  private static Object raise(List<Object> positional, Map<String, Object> named) {
    throw new TemplateFault(
        "the template refuses these messages: "
            + (positional.isEmpty() ? "no reason given" : Values.text(positional.get(0))));
  }

  private static Object range(List<Object> positional, Map<String, Object> named) {
    if (positional.isEmpty() || positional.size() > 3) {
      throw new TemplateFault("range takes one to three numbers");
    }
    long first = positional.size() == 1 ? 0 : Values.integer(positional.get(0));
    long end = Values.integer(positional.get(positional.size() == 1 ? 0 : 1));
    long step = positional.size() == 3 ? Values.integer(positional.get(2)) : 1;
    if (step == 0) {
      throw new TemplateFault("range takes a step other than 0");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; i = Math.addExact(i, step)) {
      if (numbers.size() == MAX_RANGE) {
        throw new TemplateFault("range gives more than " + MAX_RANGE + " numbers");
      }
      numbers.add(i);
    }
    return numbers;
  }
}
