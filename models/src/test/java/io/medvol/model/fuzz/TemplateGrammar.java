package io.medvol.model.fuzz;

import java.util.List;
import java.util.Random;

/**
 * Writes chat templates that grow what they hold in loops and macros: each is mostly sound, so that
 * it is rendered and not only parsed. Equal seeds give equal templates.
 */
final class TemplateGrammar {
  private static final int MAX_DEPTH = 5;
  private static final List<String> NAMES =
      List.of(
          "messages",
          "ns",
          "ns.x",
          "ns.l",
          "ns.y",
          "i",
          "loop",
          "loop.index",
          "loop.previtem",
          "message",
          "message.content",
          "message['role']",
          "add_generation_prompt",
          "m",
          "unknown",
          "a",
          "b",
          "none",
          "true",
          "range",
          "block");
  private static final List<String> LITERALS =
      List.of(
          "'a'",
          "' '",
          "''",
          "'\\u0390'",
          "'\\u0130\\u03a3'",
          "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
          "'a,b,,c'",
          "'\\n'",
          "'\\ud83d\\ude00'",
          "0",
          "1",
          "-1",
          "2",
          "7",
          "60",
          "1000",
          "99999",
          "0.5",
          "9223372036854775807",
          "1000000000000",
          "[]",
          "{}",
          "()",
          "{'a': 1}",
          "[[], {}]");
  private static final List<String> OPERATORS =
      List.of(
          "+", "+", "-", "*", "*", "/", "//", "%", "**", "~", "~", "==", "!=", "<", ">=", "in",
          "not in", "and", "or");
  private static final List<String> FILTERS =
      List.of(
          "tojson",
          "tojson(indent=4)",
          "trim",
          "length",
          "upper",
          "lower",
          "capitalize",
          "title",
          "string",
          "int",
          "abs",
          "list",
          "first",
          "last",
          "reverse",
          "items",
          "join(%s)",
          "replace(%s, %s)",
          "default(%s)",
          "map('upper')",
          "map('list')",
          "map('map', 'list')",
          "map(attribute=%s)",
          "selectattr(%s)",
          "rejectattr('role', 'equalto', %s)",
          "fancy");
  private static final List<String> METHODS =
      List.of(
          "strip(%s)",
          "lstrip()",
          "rstrip(%s)",
          "upper()",
          "lower()",
          "capitalize()",
          "title()",
          "startswith(%s)",
          "endswith(%s)",
          "replace(%s, %s)",
          "split(%s)",
          "split()",
          "split(%s, %s)",
          "splitlines()",
          "find(%s)",
          "count(%s)",
          "items()",
          "keys()",
          "values()",
          "get(%s)",
          "get(%s, %s)");
  private static final List<String> TESTS =
      List.of(
          "defined",
          "undefined",
          "none",
          "string",
          "mapping",
          "iterable",
          "odd",
          "true",
          "divisibleby(%s)",
          "equalto(%s)",
          "in(%s)",
          "not defined");

  private final Random random;

  private TemplateGrammar(Random random) {
    this.random = random;
  }

  static String template(Random random) {
    TemplateGrammar grammar = new TemplateGrammar(random);
    StringBuilder text = new StringBuilder("{% set ns = namespace(x='ab', l=[], y={}) %}");
    text.append("{% macro m(a, b=1) %}").append(grammar.statements(3)).append("{% endmacro %}");
    return text.append(grammar.statements(0)).toString();
  }

  private String statements(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4) + (depth == 0 ? 1 : 0); i > 0; i--) {
      text.append(statement(depth + 1));
    }
    return text.toString();
  }

  private String statement(int depth) {
    if (depth > MAX_DEPTH) {
      return "{{ " + expression(MAX_DEPTH - 1) + " }}";
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> "{% set ns." + pick(List.of("x", "l", "y")) + " = " + expression(1) + " %}";
      case 3 -> "{% set a = " + expression(1) + " %}";
      case 4, 5 ->
          "{% for i in range("
              + pick(List.of("3", "9", "60", "999", "99999"))
              + ") %}"
              + statements(depth)
              + "{% endfor %}";
      case 6 -> "{% for message in " + expression(2) + " %}" + statements(depth) + "{% endfor %}";
      case 7 ->
          "{% if "
              + expression(1)
              + " %}"
              + statements(depth)
              + "{% else %}"
              + statements(depth)
              + "{% endif %}";
      case 8 -> "{% set block %}" + statements(depth) + "{% endset %}";
      case 9 -> "{{ m(" + expression(2) + ") }}";
      case 10 -> "text " + "a".repeat(random.nextInt(40)) + "\n";
      default -> "{{ " + expression(0) + " }}";
    };
  }

  private String expression(int depth) {
    if (depth >= MAX_DEPTH) {
      return random.nextBoolean() ? pick(NAMES) : pick(LITERALS);
    }
    String inner = expression(depth + 1 + random.nextInt(3));
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> inner + " " + pick(OPERATORS) + " " + expression(depth + 2);
      case 3, 4 -> inner + " | " + filled(FILTERS, depth);
      case 5, 6 -> "(" + inner + ")." + filled(METHODS, depth);
      case 7 -> "[" + inner + ", " + expression(depth + 2) + "]";
      case 8 -> "{'a': " + inner + ", 'b': " + expression(depth + 2) + "}";
      case 9 -> "(" + inner + ")[" + bound() + ":" + bound() + ":" + bound() + "]";
      case 10 -> "(" + inner + ")[" + expression(depth + 2) + "]";
      case 11 -> inner + " is " + filled(TESTS, depth);
      case 12 -> inner + " if " + expression(depth + 2) + " else " + expression(depth + 2);
      default -> "m(" + inner + ")";
    };
  }

  private String bound() {
    return pick(List.of("", "", "1", "-1", "2", "9223372036854775807", "-9223372036854775807"));
  }

  private String filled(List<String> forms, int depth) {
    String form = pick(forms);
    while (form.contains("%s")) {
      int at = form.indexOf("%s");
      form = form.substring(0, at) + expression(depth + 2) + form.substring(at + 2);
    }
    return form;
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
