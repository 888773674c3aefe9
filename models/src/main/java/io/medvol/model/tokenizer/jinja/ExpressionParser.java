package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles an expression by recursive descent, with Jinja's precedence: conditional, or, and, not,
 * comparison, sum, {@code ~}, product, power, sign, then what follows a value (attribute,
 * subscript, call, filter, test).
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");
  private static final int MAX_NESTING = 100;

  private final Tokens tokens;
  private int nesting;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** A whole expression, or several with commas between them, which make a list. */
  Expression tuple() {
    Expression first = expression();
    if (!tokens.peek().is(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.accept(",") && tokens.peek().kind() != Token.Kind.END && !tokens.peek().is(")")) {
      items.add(expression());
    }
    return list(items);
  }

  Expression expression() {
    if (++nesting > MAX_NESTING) {
      throw new TemplateFault("an expression is nested more than " + MAX_NESTING + " deep");
    }
    Expression value = conditional();
    nesting--;
    return value;
  }

  /** An expression in which a following {@code if} is not a condition of its own. */
  Expression unconditional() {
    return or();
  }

  private Expression conditional() {
    Expression value = or();
    while (tokens.acceptName("if")) {
      Expression then = value;
      Expression test = or();
      Expression otherwise =
          tokens.acceptName("else") ? expression() : scope -> new Undefined("a missing else");
      value =
          Expression.counted(
              scope ->
                  Values.truth(test.evaluate(scope))
                      ? then.evaluate(scope)
                      : otherwise.evaluate(scope));
    }
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.acceptName("or")) {
      Expression first = left;
      Expression second = and();
      left =
          Expression.counted(
              scope -> {
                Object value = first.evaluate(scope);
                return Values.truth(value) ? value : second.evaluate(scope);
              });
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.acceptName("and")) {
      Expression first = left;
      Expression second = not();
      left =
          Expression.counted(
              scope -> {
                Object value = first.evaluate(scope);
                return Values.truth(value) ? second.evaluate(scope) : value;
              });
    }
    return left;
  }

  private Expression not() {
    int times = 0;
    while (tokens.acceptName("not")) {
      times++;
    }
    Expression value = comparison();
    if (times == 0) {
      return value;
    }
    boolean inverts = times % 2 == 1;
    return Expression.counted(scope -> Values.truth(value.evaluate(scope)) != inverts);
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (true) {
      if (tokens.peek().kind() == Token.Kind.OPERATOR
          && COMPARISONS.contains(tokens.peek().text())) {
        operators.add(tokens.take().text());
      } else if (tokens.acceptName("in")) {
        operators.add("in");
      } else if (tokens.peek().isName("not") && tokens.peek(1).isName("in")) {
        tokens.take();
        tokens.take();
        operators.add("not in");
      } else {
        return operators.isEmpty()
            ? first
            : Expression.counted(scope -> compareAll(operators, operands, scope));
      }
      operands.add(sum());
    }
  }

  private static boolean compareAll(
      List<String> operators, List<Expression> operands, Scope scope) {
    Budget budget = scope.budget();
    Object left = operands.get(0).evaluate(scope);
    for (int i = 0; i < operators.size(); i++) {
      Object right = operands.get(i + 1).evaluate(scope);
      boolean holds =
          switch (operators.get(i)) {
            case "==" -> Values.equal(left, right, budget);
            case "!=" -> !Values.equal(left, right, budget);
            case "in" -> Values.contains(right, left, budget);
            case "not in" -> !Values.contains(right, left, budget);
            case "<" -> Values.compare(left, right, budget) < 0;
            case "<=" -> Values.compare(left, right, budget) <= 0;
            case ">" -> Values.compare(left, right, budget) > 0;
            default -> Values.compare(left, right, budget) >= 0;
          };
      if (!holds) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      left = arithmetic(tokens.take().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.accept("~")) {
      Expression first = left;
      Expression second = product();
      left =
          Expression.counted(
              scope -> {
                Output joined = new Output(scope.budget());
                joined.add(Values.text(first.evaluate(scope), scope.budget()));
                return joined.add(Values.text(second.evaluate(scope), scope.budget())).toString();
              });
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (tokens.peek().is("*")
        || tokens.peek().is("/")
        || tokens.peek().is("//")
        || tokens.peek().is("%")) {
      left = arithmetic(tokens.take().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = signed();
    while (tokens.accept("**")) {
      left = arithmetic("**", left, signed());
    }
    return left;
  }

  private static Expression arithmetic(String operator, Expression left, Expression right) {
    return Expression.counted(
        scope ->
            Arithmetic.apply(
                operator, left.evaluate(scope), right.evaluate(scope), scope.budget()));
  }

  private Expression signed() {
    if (tokens.accept("-")) {
      return arithmetic("-", scope -> 0L, new PostfixParser(this, tokens).value());
    }
    tokens.accept("+");
    return new PostfixParser(this, tokens).filteredValue();
  }

  static Expression list(List<Expression> items) {
    return Expression.counted(
        scope -> {
          scope.budget().items(items.size());
          List<Object> values = new ArrayList<>();
          for (Expression item : items) {
            values.add(item.evaluate(scope));
          }
          return values;
        });
  }

  static Expression mapping(Map<Expression, Expression> entries) {
    return Expression.counted(
        scope -> {
          scope.budget().entries(entries.size());
          Map<String, Object> values = new LinkedHashMap<>();
          for (Map.Entry<Expression, Expression> entry : entries.entrySet()) {
            String key = Values.text(entry.getKey().evaluate(scope), scope.budget());
            values.put(key, entry.getValue().evaluate(scope));
          }
          return values;
        });
  }
}
