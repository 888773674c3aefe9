package io.medvol.model.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** Values as Python prints them inside a list. */
final class PythonText {
  private PythonText() {}

  static void write(Object value, Output out) {
    out.budget().step();
    if (value == null) {
      out.add("None");
    } else if (value instanceof Boolean flag) {
      out.add(flag ? "True" : "False");
    } else if (value instanceof Long || value instanceof Double) {
      out.add(value.toString());
    } else if (value instanceof String text) {
      quote(text, out);
    } else if (value instanceof List<?> list) {
      out.budget().enter();
      out.add("[");
      String between = "";
      for (Object item : list) {
        write(item, out.add(between));
        between = ", ";
      }
      out.add("]");
      out.budget().leave();
    } else if (value instanceof Map<?, ?> map) {
      out.budget().enter();
      out.add("{");
      String between = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        write(entry.getKey(), out.add(between));
        write(entry.getValue(), out.add(": "));
        between = ", ";
      }
      out.add("}");
      out.budget().leave();
    } else {
      throw new TemplateFault("a " + Values.kind(value) + " cannot be printed");
    }
  }

  private static void quote(String text, Output out) {
    out.budget().read(text.length());
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.add(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.add("\\\\");
        case '\n' -> out.add("\\n");
        case '\t' -> out.add("\\t");
        case '\'' -> out.add(quote == c ? "\\'" : "'");
        default -> out.add(c);
      }
    }
    out.add(quote);
  }
}
