package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@code for} statement.
 *
 * @param targets names that an item is given to; more than one unpack it
 * @param filter items for which it is false are not counted; null keeps all
 * @param otherwise rendered if there is no item
 */
record Loop(
    List<String> targets,
    Expression iterated,
    Expression filter,
    List<Node> body,
    List<Node> otherwise)
    implements Node {
  /** Jinja's {@code loop}: where a loop is. */
  record State(List<Object> items, int index) {
    /** The attribute of this name, or null if there is none. */
    Object attribute(String name) {
      return switch (name) {
        case "index" -> index + 1L;
        case "index0" -> (long) index;
        case "revindex" -> (long) items.size() - index;
        case "revindex0" -> items.size() - index - 1L;
        case "first" -> index == 0;
        case "last" -> index == items.size() - 1;
        case "length" -> (long) items.size();
        case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("previtem");
        case "nextitem" ->
            index + 1 < items.size() ? items.get(index + 1) : new Undefined("nextitem");
        default -> new Undefined(name);
      };
    }
  }

  @Override
  public Flow render(Scope scope, Output out) {
    List<Object> items = kept(scope);
    if (items.isEmpty()) {
      return Node.renderAll(otherwise, scope, out);
    }
    for (int i = 0; i < items.size(); i++) {
      Scope inner = scope.inner();
      unpack(inner, targets, items.get(i));
      inner.set("loop", new State(items, i));
      if (Node.renderAll(body, inner, out) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  private List<Object> kept(Scope scope) {
    List<Object> items = Values.items(iterated.evaluate(scope), scope.budget());
    // A step for the item and one for the scope it is seen in.
    scope.budget().steps(2L * items.size());
    if (filter == null) {
      return items;
    }
    scope.budget().items(items.size());
    List<Object> kept = new ArrayList<>();
    for (Object item : items) {
      Scope inner = scope.inner();
      unpack(inner, targets, item);
      if (Values.truth(filter.evaluate(inner))) {
        kept.add(item);
      }
    }
    return kept;
  }

  static void unpack(Scope scope, List<String> names, Object value) {
    if (names.size() == 1) {
      scope.set(names.get(0), value);
      return;
    }
    List<Object> parts = Values.items(value, scope.budget());
    scope.budget().steps(parts.size());
    if (parts.size() != names.size()) {
      throw new TemplateFault(parts.size() + " values cannot be given to the names " + names);
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(names.get(i), parts.get(i));
    }
  }
}
