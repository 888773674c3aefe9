package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code value[start:stop:step]} of lists and texts. */
final class Slices {
  private Slices() {}

  /** Bounds that are {@code null} take Python's defaults. */
  static Object of(Object value, Object start, Object stop, Object step) {
    List<Object> items = Values.items(value);
    long stride = step == null ? 1 : Values.integer(step);
    if (stride == 0) {
      throw new TemplateFault("a slice takes a step other than 0");
    }
    int size = items.size();
    int low = stride > 0 ? 0 : -1;
    int high = stride > 0 ? size : size - 1;
    long from = bound(start, stride > 0 ? low : high, size, low, high);
    long to = bound(stop, stride > 0 ? high : low, size, low, high);
    List<Object> taken = new ArrayList<>();
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      taken.add(items.get((int) i));
    }
    if (value instanceof String) {
      StringBuilder text = new StringBuilder();
      taken.forEach(text::append);
      return text.toString();
    }
    return taken;
  }

  private static long bound(Object given, int otherwise, int size, int low, int high) {
    if (given == null) {
      return otherwise;
    }
    long index = Values.integer(given);
    return Math.max(low, Math.min(high, index < 0 ? index + size : index));
  }
}
