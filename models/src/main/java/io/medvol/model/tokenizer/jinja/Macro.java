package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A macro; calling it gives the text its body renders. */
record Macro(String name, Map<String, Expression> parameters, List<Node> body, Scope definedIn)
    implements Callable {
  @Override
  public Object call(List<Object> positional, Map<String, Object> named) {
    Scope scope = definedIn.global().inner();
    List<String> names = new ArrayList<>(parameters.keySet());
    if (positional.size() > names.size() || !names.containsAll(named.keySet())) {
      throw new TemplateFault("the macro " + name + " takes the arguments " + names);
    }
    for (int i = 0; i < names.size(); i++) {
      String parameter = names.get(i);
      if (i < positional.size()) {
        scope.set(parameter, positional.get(i));
      } else if (named.containsKey(parameter)) {
        scope.set(parameter, named.get(parameter));
      } else {
        scope.set(parameter, parameters.get(parameter).evaluate(scope));
      }
    }
    scope.budget().enter();
    StringBuilder out = new StringBuilder();
    Node.renderAll(body, scope, out);
    scope.budget().leave();
    return out.toString();
  }
}
