package io.medvol.model.tokenizer.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code for} statement.
 *
 * @param targets names that an item is given to; more than one unpack it
 * @param filter items for which it is false are not counted
 * @param otherwise rendered if there is no item
 */
record Loop(
    List<String> targets,
    Expression iterated,
    Expression filter,
    List<Node> body,
    List<Node> otherwise)
    implements Node {
  @Override
  public Flow render(Scope scope, StringBuilder out) {
    List<Object> items =
        Values.items(iterated.evaluate(scope)).stream()
            .filter(
                item -> {
                  scope.budget().step();
                  Scope inner = scope.inner();
                  unpack(inner, targets, item);
                  return Values.truth(filter.evaluate(inner));
                })
            .toList();
    if (items.isEmpty()) {
      return Node.renderAll(otherwise, scope, out);
    }
    for (int i = 0; i < items.size(); i++) {
      scope.budget().step();
      Scope inner = scope.inner();
      unpack(inner, targets, items.get(i));
      inner.set("loop", state(items, i));
      if (Node.renderAll(body, inner, out) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  static void unpack(Scope scope, List<String> names, Object value) {
    if (names.size() == 1) {
      scope.set(names.get(0), value);
      return;
    }
    List<Object> parts = Values.items(value);
    if (parts.size() != names.size()) {
      throw new TemplateFault(parts.size() + " values cannot be given to the names " + names);
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(names.get(i), parts.get(i));
    }
  }

  private static Map<String, Object> state(List<Object> items, int index) {
    Map<String, Object> state = new HashMap<>();
    state.put("index", index + 1L);
    state.put("index0", (long) index);
    state.put("revindex", (long) items.size() - index);
    state.put("revindex0", items.size() - index - 1L);
    state.put("first", index == 0);
    state.put("last", index == items.size() - 1);
    state.put("length", (long) items.size());
    state.put("previtem", index > 0 ? items.get(index - 1) : new Undefined("previtem"));
    state.put(
        "nextitem", index + 1 < items.size() ? items.get(index + 1) : new Undefined("nextitem"));
    return state;
  }
}
