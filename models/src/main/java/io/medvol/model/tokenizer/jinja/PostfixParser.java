package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles a value and what follows it: attributes, subscripts, calls, filters, tests. */
final class PostfixParser {
  private final ExpressionParser expressions;
  private final Tokens tokens;

  PostfixParser(ExpressionParser expressions, Tokens tokens) {
    this.expressions = expressions;
    this.tokens = tokens;
  }

  Expression filteredValue() {
    Expression value = value();
    while (true) {
      if (tokens.accept("|")) {
        value = filter(value);
      } else if (tokens.acceptName("is")) {
        value = test(value);
      } else {
        return value;
      }
    }
  }

  Expression value() {
    String name = tokens.peek().text();
    Expression value = primary();
    while (true) {
      if (tokens.accept(".")) {
        Expression holder = value;
        String attribute = tokens.take().text();
        name = attribute;
        value = Expression.counted(scope -> Values.attribute(holder.evaluate(scope), attribute));
      } else if (tokens.accept("[")) {
        value = subscript(value);
      } else if (tokens.peek().is("(")) {
        value = call(value, name);
      } else {
        return value;
      }
    }
  }

  private Expression primary() {
    Token token = tokens.take();
    return switch (token.kind()) {
      case STRING -> string(token.text());
      case INTEGER -> integer(token.text());
      case DECIMAL -> {
        double number = Double.parseDouble(token.text());
        yield Expression.counted(scope -> number);
      }
      case NAME -> named(token.text());
      case OPERATOR -> bracketed(token.text());
      case END -> throw new TemplateFault("an expression is missing");
    };
  }

  private Expression string(String first) {
    StringBuilder text = new StringBuilder(first);
    while (tokens.peek().kind() == Token.Kind.STRING) {
      text.append(tokens.take().text());
    }
    String whole = text.toString();
    return Expression.counted(scope -> whole);
  }

  private static Expression integer(String digits) {
    try {
      long number = Long.parseLong(digits);
      return Expression.counted(scope -> number);
    } catch (NumberFormatException e) {
      throw new TemplateFault("the number " + digits + " is too large");
    }
  }

  private static Expression named(String name) {
    return switch (name) {
      case "true", "True" -> Expression.counted(scope -> true);
      case "false", "False" -> Expression.counted(scope -> false);
      case "none", "None" -> Expression.counted(scope -> null);
      default -> Expression.counted(scope -> scope.get(name));
    };
  }

  private Expression bracketed(String opening) {
    switch (opening) {
      case "(" -> {
        if (tokens.accept(")")) {
          return ExpressionParser.list(List.of());
        }
        Expression inner = expressions.tuple();
        tokens.expect(")");
        return inner;
      }
      case "[" -> {
        List<Expression> items = new ArrayList<>();
        while (!tokens.accept("]")) {
          items.add(expressions.expression());
          if (!tokens.peek().is("]")) {
            tokens.expect(",");
          }
        }
        return ExpressionParser.list(items);
      }
      case "{" -> {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!tokens.accept("}")) {
          Expression key = expressions.expression();
          tokens.expect(":");
          entries.put(key, expressions.expression());
          if (!tokens.peek().is("}")) {
            tokens.expect(",");
          }
        }
        return ExpressionParser.mapping(entries);
      }
      default -> throw new TemplateFault("unexpected " + opening);
    }
  }

  private Expression subscript(Expression holder) {
    Expression[] bounds = new Expression[3];
    int part = 0;
    while (!tokens.accept("]")) {
      if (tokens.accept(":")) {
        if (++part == bounds.length) {
          throw new TemplateFault("a slice has at most three parts");
        }
      } else if (bounds[part] == null) {
        bounds[part] = expressions.expression();
      } else {
        throw new TemplateFault("expected ] but found " + tokens.peek().text());
      }
    }
    if (part > 0) {
      return Expression.counted(
          scope ->
              Slices.of(
                  holder.evaluate(scope),
                  evaluate(bounds[0], scope),
                  evaluate(bounds[1], scope),
                  evaluate(bounds[2], scope),
                  scope.budget()));
    }
    if (bounds[0] == null) {
      throw new TemplateFault("a subscript is empty");
    }
    Expression key = bounds[0];
    return Expression.counted(
        scope -> Values.subscript(holder.evaluate(scope), key.evaluate(scope), scope.budget()));
  }

  private static Object evaluate(Expression expression, Scope scope) {
    return expression == null ? null : expression.evaluate(scope);
  }

  private Expression call(Expression function, String name) {
    Arguments arguments = Arguments.parse(expressions, tokens);
    return Expression.counted(
        scope -> {
          Object target = function.evaluate(scope);
          if (target instanceof Callable callable) {
            return callable.call(arguments.evaluate(name, scope));
          }
          throw new TemplateFault("a " + Values.kind(target) + " cannot be called");
        });
  }

  private Expression filter(Expression value) {
    String name = tokens.name();
    Arguments arguments =
        tokens.peek().is("(") ? Arguments.parse(expressions, tokens) : Arguments.NONE;
    return Expression.counted(
        scope -> Filters.apply(value.evaluate(scope), arguments.evaluate(name, scope)));
  }

  private Expression test(Expression value) {
    boolean inverted = tokens.acceptName("not");
    Token token = tokens.take();
    String name = token.text();
    List<Expression> arguments = new ArrayList<>();
    if (tokens.peek().is("(")) {
      arguments.addAll(Arguments.parse(expressions, tokens).positional());
    } else if (takesArgument(name)) {
      arguments.add(value());
    }
    Arguments given = new Arguments(arguments, Map.of());
    return Expression.counted(
        scope -> {
          Object tested = value.evaluate(scope);
          List<Object> values = given.evaluate(name, scope).positional();
          return Tests.apply(name, tested, values, scope.budget()) != inverted;
        });
  }

  private static boolean takesArgument(String test) {
    return switch (test) {
      case "equalto", "eq", "ne", "in", "divisibleby", "==", "!=" -> true;
      default -> false;
    };
  }
}
