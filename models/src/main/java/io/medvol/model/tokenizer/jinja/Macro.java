package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A macro; calling it gives the text its body renders.
 *
 * @param global the outermost scope, all that the body sees
 */
record Macro(String name, Map<String, Expression> parameters, List<Node> body, Scope global)
    implements Callable {
  @Override
  public Object call(Call call) {
    call.budget().steps(parameters.size());
    List<Object> positional = call.positional();
    Map<String, Object> named = call.named();
    Scope scope = global.inner();
    List<String> names = new ArrayList<>(parameters.keySet());
    if (positional.size() > names.size() || !parameters.keySet().containsAll(named.keySet())) {
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
    Output out = new Output(call.budget());
    Node.renderAll(body, scope, out);
    return out.toString();
  }
}
