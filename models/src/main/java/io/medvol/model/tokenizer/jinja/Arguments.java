package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is passed to a call, a filter or a test. */
record Arguments(List<Expression> positional, Map<String, Expression> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments parse(ExpressionParser expressions, Tokens tokens) {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    tokens.expect("(");
    while (!tokens.accept(")")) {
      if (tokens.peek().kind() == Token.Kind.NAME && tokens.peek(1).is("=")) {
        String name = tokens.name();
        tokens.expect("=");
        named.put(name, expressions.expression());
      } else {
        positional.add(expressions.expression());
      }
      if (!tokens.peek().is(")")) {
        tokens.expect(",");
      }
    }
    return new Arguments(positional, named);
  }

  /** The call of {@code callee} with the values these have in a scope. */
  Call evaluate(String callee, Scope scope) {
    List<Object> values = new ArrayList<>();
    for (Expression argument : positional) {
      values.add(argument.evaluate(scope));
    }
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Map.Entry<String, Expression> argument : named.entrySet()) {
      byName.put(argument.getKey(), argument.getValue().evaluate(scope));
    }
    return new Call(callee, values, byName, scope.budget());
  }
}
