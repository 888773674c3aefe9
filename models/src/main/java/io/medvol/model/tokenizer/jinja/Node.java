package io.medvol.model.tokenizer.jinja;

import java.util.List;

/** A compiled part of a template. */
@FunctionalInterface
interface Node {
  /** What the surrounding loop does next. */
  enum Flow {
    NEXT,
    CONTINUE,
    BREAK
  }

  Flow render(Scope scope, Output out);

  /** Renders a block; each one inside another is a level of the budget's depth. */
  static Flow renderAll(List<Node> nodes, Scope scope, Output out) {
    Budget budget = scope.budget();
    budget.enter();
    Flow flow = Flow.NEXT;
    for (int i = 0; i < nodes.size() && flow == Flow.NEXT; i++) {
      budget.step();
      flow = nodes.get(i).render(scope, out);
    }
    budget.leave();
    return flow;
  }
}
