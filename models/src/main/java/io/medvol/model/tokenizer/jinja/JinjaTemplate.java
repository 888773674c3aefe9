package io.medvol.model.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** A chat template, parsed once. Immutable and thread-safe. */
public final class JinjaTemplate {
  private static final int MAX_CHARACTERS = 1 << 20;

  private final List<Node> nodes;

  private JinjaTemplate(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Parses a template.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT with the line, if it is malformed or
   *     uses a part of Jinja that is not supported
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > MAX_CHARACTERS) {
      throw new TemplateFault(
          "the chat template has "
              + source.length()
              + " characters: expected at most "
              + MAX_CHARACTERS);
    }
    return new JinjaTemplate(TemplateParser.parse(TemplateLexer.pieces(source)));
  }

  /**
   * Renders the template.
   *
   * @param variables strings, booleans, numbers, nulls, lists and maps with string keys
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT with the line, if it cannot be
   *     rendered with them or raises an exception itself
   */
  public String render(Map<String, Object> variables) {
    return render(variables, new Budget());
  }

  /**
   * Refuses a template that reaches a limit with these variables; one that refuses the variables
   * themselves may still accept others.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT with the line and the limit
   */
  public void checkLimits(Map<String, Object> variables) {
    Budget budget = new Budget();
    try {
      render(variables, budget);
    } catch (TemplateFault fault) {
      if (budget.isExhausted()) {
        throw fault;
      }
    }
  }

  private String render(Map<String, Object> variables, Budget budget) {
    Scope scope = new Scope(budget);
    Functions.define(scope);
    variables.forEach((name, value) -> scope.set(name, Values.imported(value)));
    Output out = new Output(budget);
    Node.renderAll(nodes, scope, out);
    return out.toString();
  }
}
