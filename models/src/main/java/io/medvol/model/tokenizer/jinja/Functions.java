package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The functions a template may call. */
final class Functions {
  private static final long MAX_RANGE = 100_000;

  private Functions() {}

  static void define(Scope scope) {
    scope.set("namespace", (Callable) Functions::namespace);
    scope.set("dict", (Callable) Functions::dict);
    scope.set("range", (Callable) Functions::range);
    scope.set("raise_exception", (Callable) Functions::raise);
  }

  private static Object namespace(Call call) {
    call.budget().entries(call.named().size() + 1L);
    return new Namespace(call.named());
  }

  private static Object dict(Call call) {
    call.budget().entries(call.named().size() + 1L);
    return new LinkedHashMap<>(call.named());
  }

  private static Object raise(Call call) {
    throw new TemplateFault(
        "the template refuses these messages: "
            + Values.text(call.get(0, "message", "no reason given"), call.budget()));
  }

  private static Object range(Call call) {
    List<Object> bounds = call.positional();
    if (bounds.isEmpty() || bounds.size() > 3) {
      throw new TemplateFault("range takes one to three numbers");
    }
    long first = bounds.size() == 1 ? 0 : Values.integer(bounds.get(0));
    long end = Values.integer(bounds.get(bounds.size() == 1 ? 0 : 1));
    long step = bounds.size() == 3 ? Values.integer(bounds.get(2)) : 1;
    if (step == 0) {
      throw new TemplateFault("range takes a step other than 0");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; ) {
      if (numbers.size() == MAX_RANGE) {
        throw new TemplateFault("range gives more than " + MAX_RANGE + " numbers");
      }
      call.budget().items(1);
      numbers.add(i);
      long next = i + step;
      if (step > 0 ? next < i : next > i) {
        break; // beyond what a number holds, and so beyond the end
      }
      i = next;
    }
    return numbers;
  }
}
