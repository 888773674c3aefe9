package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compiles the pieces of a template into nodes. */
final class TemplateParser {
  private static final int MAX_NESTING = 100;

  private final List<Piece> pieces;
  private int next;
  private int nesting;

  private TemplateParser(List<Piece> pieces) {
    this.pieces = pieces;
  }

  static List<Node> parse(List<Piece> pieces) {
    return new TemplateParser(pieces).block(Set.of(), "");
  }

  /** The nodes up to one of the closing words, which stays the next piece. */
  private List<Node> block(Set<String> closing, String opened) {
    enter();
    List<Node> nodes = new ArrayList<>();
    while (next < pieces.size()) {
      Piece piece = pieces.get(next);
      try {
        if (piece.kind() == Piece.Kind.STATEMENT
            && closing.contains(Tokens.of(piece.content()).peek().text())) {
          nesting--;
          return nodes;
        }
        next++;
        nodes.add(placed(node(piece), piece.line()));
      } catch (TemplateFault fault) {
        throw fault.at(piece.line());
      }
    }
    if (!closing.isEmpty()) {
      throw new TemplateFault("{% " + opened + " %} is not closed");
    }
    nesting--;
    return nodes;
  }

  /** Counts a block, and each {@code elif}, which stands inside the one before. */
  private void enter() {
    if (++nesting > MAX_NESTING) {
      throw new TemplateFault("statements are nested more than " + MAX_NESTING + " deep");
    }
  }

  private static Node placed(Node node, int line) {
    return (scope, out) -> {
      try {
        return node.render(scope, out);
      } catch (TemplateFault fault) {
        throw fault.at(line);
      }
    };
  }

  private Node node(Piece piece) {
    return switch (piece.kind()) {
      case TEXT -> text(piece.content());
      case EXPRESSION -> {
        Tokens tokens = Tokens.of(piece.content());
        Expression expression = new ExpressionParser(tokens).tuple();
        tokens.expectEnd();
        yield (scope, out) -> {
          out.add(Values.text(expression.evaluate(scope), scope.budget()));
          return Node.Flow.NEXT;
        };
      }
      case STATEMENT -> statement(Tokens.of(piece.content()));
    };
  }

  private static Node text(String text) {
    return (scope, out) -> {
      out.add(text);
      return Node.Flow.NEXT;
    };
  }

  private Node statement(Tokens tokens) {
    String word = tokens.name();
    Node node =
        switch (word) {
          case "if" -> conditional(tokens);
          case "for" -> loop(tokens);
          case "set" -> set(tokens);
          case "macro" -> macro(tokens);
          case "generation" -> generation(tokens);
          case "break" -> (scope, out) -> Node.Flow.BREAK;
          case "continue" -> (scope, out) -> Node.Flow.CONTINUE;
          default ->
              throw new TemplateFault(
                  "{% " + word + " %} is not supported, or stands where it may not");
        };
    tokens.expectEnd();
    return node;
  }

  /** The tokens of the closing tag behind its word. */
  private Tokens close() {
    Tokens tokens = Tokens.of(pieces.get(next++).content());
    tokens.take();
    return tokens;
  }

  private Node conditional(Tokens tokens) {
    enter();
    Expression test = new ExpressionParser(tokens).tuple();
    tokens.expectEnd();
    List<Node> then = block(Set.of("elif", "else", "endif"), "if");
    String word = Tokens.of(pieces.get(next).content()).peek().text();
    Tokens closing = close();
    List<Node> otherwise = new ArrayList<>();
    if (word.equals("elif")) {
      otherwise.add(placed(conditional(closing), pieces.get(next - 1).line()));
    } else if (word.equals("else")) {
      closing.expectEnd();
      otherwise.addAll(block(Set.of("endif"), "if"));
      close().expectEnd();
    }
    nesting--;
    return (scope, out) ->
        Node.renderAll(Values.truth(test.evaluate(scope)) ? then : otherwise, scope, out);
  }

  private Node loop(Tokens tokens) {
    List<String> targets = targets(tokens);
    tokens.expectName("in");
    ExpressionParser expressions = new ExpressionParser(tokens);
    Expression iterated = expressions.unconditional();
    Expression filter = tokens.acceptName("if") ? expressions.expression() : null;
    tokens.expectEnd();
    List<Node> body = block(Set.of("else", "endfor"), "for");
    String word = Tokens.of(pieces.get(next).content()).peek().text();
    Tokens closing = close();
    closing.expectEnd();
    List<Node> otherwise = List.of();
    if (word.equals("else")) {
      otherwise = block(Set.of("endfor"), "for");
      close().expectEnd();
    }
    return new Loop(targets, iterated, filter, body, otherwise);
  }

  private static List<String> targets(Tokens tokens) {
    List<String> names = new ArrayList<>(List.of(tokens.name()));
    while (tokens.accept(",")) {
      names.add(tokens.name());
    }
    return names;
  }

  private Node set(Tokens tokens) {
    List<String> names = targets(tokens);
    String attribute = tokens.accept(".") ? tokens.name() : null;
    if (tokens.accept("=")) {
      Expression value = new ExpressionParser(tokens).tuple();
      return (scope, out) -> assign(scope, names, attribute, value.evaluate(scope));
    }
    tokens.expectEnd();
    List<Node> body = block(Set.of("endset"), "set");
    close().expectEnd();
    return (scope, out) -> {
      Output text = new Output(scope.budget());
      Node.Flow flow = Node.renderAll(body, scope, text);
      assign(scope, names, attribute, text.toString());
      return flow;
    };
  }

  private static Node.Flow assign(Scope scope, List<String> names, String attribute, Object value) {
    if (attribute == null) {
      Loop.unpack(scope, names, value);
    } else if (scope.get(names.get(0)) instanceof Namespace namespace) {
      scope.budget().entries(namespace.attributes().containsKey(attribute) ? 0 : 1);
      namespace.attributes().put(attribute, value);
    } else {
      throw new TemplateFault("'" + names.get(0) + "' is not a namespace");
    }
    return Node.Flow.NEXT;
  }

  private Node generation(Tokens tokens) {
    tokens.expectEnd();
    List<Node> body = block(Set.of("endgeneration"), "generation");
    close().expectEnd();
    return (scope, out) -> Node.renderAll(body, scope, out);
  }

  private Node macro(Tokens tokens) {
    String name = tokens.name();
    Map<String, Expression> parameters = new LinkedHashMap<>();
    tokens.expect("(");
    while (!tokens.accept(")")) {
      String parameter = tokens.name();
      Expression otherwise = scope -> new Undefined(parameter);
      if (tokens.accept("=")) {
        otherwise = new ExpressionParser(tokens).expression();
      }
      parameters.put(parameter, otherwise);
      if (!tokens.peek().is(")")) {
        tokens.expect(",");
      }
    }
    tokens.expectEnd();
    List<Node> body = block(Set.of("endmacro"), "macro");
    close().expectEnd();
    return (scope, out) -> {
      scope.set(name, new Macro(name, parameters, body, scope.global()));
      return Node.Flow.NEXT;
    };
  }
}
