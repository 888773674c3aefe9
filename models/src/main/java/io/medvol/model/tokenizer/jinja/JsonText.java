package io.medvol.model.tokenizer.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The filter {@code tojson} as transformers defines it: Python's spacing, text not escaped to
 * ASCII.
 */
final class JsonText {
  private final Budget budget;
  private final Output out;
  private final int indent;

  private JsonText(int indent, Budget budget) {
    this.budget = budget;
    this.out = new Output(budget);
    this.indent = indent;
  }

  /** An {@code indent} of {@code null} keeps everything on one line. */
  static String of(Object value, Object indent, Budget budget) {
    int width = indent == null ? -1 : (int) Math.max(-1, Math.min(64, Values.integer(indent)));
    JsonText json = new JsonText(width, budget);
    json.write(value, 0);
    return json.out.toString();
  }

  private void write(Object value, int depth) {
    budget.step();
    if (value instanceof String text) {
      quote(text);
    } else if (value instanceof List<?> list) {
      budget.enter();
      writeList(list, depth);
      budget.leave();
    } else if (value instanceof Map<?, ?> map) {
      budget.enter();
      writeMap(map, depth);
      budget.leave();
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      out.add(String.valueOf(value));
    } else {
      throw new TemplateFault("a " + Values.kind(value) + " has no JSON form");
    }
  }

  private void writeList(List<?> list, int depth) {
    out.add('[');
    Iterator<?> items = list.iterator();
    while (items.hasNext()) {
      newLine(depth + 1);
      write(items.next(), depth + 1);
      separate(items.hasNext());
    }
    close(list.isEmpty(), depth, ']');
  }

  private void writeMap(Map<?, ?> map, int depth) {
    out.add('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      newLine(depth + 1);
      quote((String) entry.getKey());
      out.add(": ");
      write(entry.getValue(), depth + 1);
      separate(entries.hasNext());
    }
    close(map.isEmpty(), depth, '}');
  }

  private void separate(boolean more) {
    if (more) {
      out.add(indent < 0 ? ", " : ",");
    }
  }

  private void close(boolean empty, int depth, char bracket) {
    if (!empty) {
      newLine(depth);
    }
    out.add(bracket);
  }

  private void newLine(int depth) {
    if (indent >= 0) {
      out.add('\n').repeat(" ", (long) indent * depth);
    }
  }

  private void quote(String text) {
    out.add('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.add('\\').add(c);
        case '\n' -> out.add("\\n");
        case '\r' -> out.add("\\r");
        case '\t' -> out.add("\\t");
        case '\b' -> out.add("\\b");
        case '\f' -> out.add("\\f");
        default -> {
          if (c < ' ') {
            out.add(String.format("\\u%04x", (int) c));
          } else {
            out.add(c);
          }
        }
      }
    }
    out.add('"');
  }
}
