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

  Flow render(Scope scope, StringBuilder out);

  static Flow renderAll(List<Node> nodes, Scope scope, StringBuilder out) {
    for (Node node : nodes) {
      Flow flow = node.render(scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }
}
