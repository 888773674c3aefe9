package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code value[start:stop:step]} of lists and texts. */
final class Slices {
  private Slices() {}

  /** Bounds that are {@code null} take Python's defaults. */
  static Object of(Object value, Object start, Object stop, Object step, Budget budget) {
    if (value instanceof String text) {
      budget.read(text.length());
      budget.text(2L * text.length());
      int[] characters = text.codePoints().toArray();
      Output taken = new Output(budget);
      for (int at : places(characters.length, start, stop, step, budget)) {
        taken.add(Character.toString(characters[at]));
      }
      return taken.toString();
    }
    List<Object> items = Values.items(value, budget);
    List<Object> taken = new ArrayList<>();
    for (int at : places(items.size(), start, stop, step, budget)) {
      taken.add(items.get(at));
    }
    return taken;
  }

  private static int[] places(int size, Object start, Object stop, Object step, Budget budget) {
    long given = step == null ? 1 : Values.integer(step);
    if (given == 0) {
      throw new TemplateFault("a slice takes a step other than 0");
    }
    // A longer stride takes no more than the first item, as this one does.
    long stride = Math.max(-size - 1L, Math.min(size + 1L, given));
    int low = stride > 0 ? 0 : -1;
    int high = stride > 0 ? size : size - 1;
    long from = bound(start, stride > 0 ? low : high, size, low, high);
    long to = bound(stop, stride > 0 ? high : low, size, low, high);
    long distance = stride > 0 ? to - from : from - to;
    long count = Math.max(0, (distance + Math.abs(stride) - 1) / Math.abs(stride));
    budget.items(count);
    int[] places = new int[(int) count];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (from + i * stride);
    }
    return places;
  }

  private static long bound(Object given, int otherwise, int size, int low, int high) {
    if (given == null) {
      return otherwise;
    }
    long index = Values.integer(given);
    return Math.max(low, Math.min(high, index < 0 ? index + size : index));
  }
}
