package io.medvol.reward.response;

import io.medvol.data.volume.PixelBox;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads completions as the released MedVol-R1 code does (arXiv 2605.26621), with what it owes to
 * Python's JSON and number conversions. Linear time; never throws. Immutable, so it may be shared
 * between threads.
 */
public final class PaperResponseParser {
  private final int columns;
  private final int rows;
  private final CoordinateScale scale;

  /**
   * For slices of that size, to which boxes are converted; the release fixes 512 by 512.
   *
   * @param scale of the coordinates; thousandths in the release
   */
  public PaperResponseParser(int columns, int rows, CoordinateScale scale) {
    this.columns = columns;
    this.rows = rows;
    this.scale = scale;
  }

  public PaperResponse parse(String completion) {
    PaperBlocks blocks = PaperBlocks.read(completion);
    boolean thought = blocks.thought() != null && !Python.strip(blocks.thought()).isEmpty();
    List<Json> items = blocks.answer() == null ? List.of() : items(Python.strip(blocks.answer()));
    Json first = items.isEmpty() ? Json.Constant.NULL : items.get(0);
    Json slice = member(first, "slice");
    BigInteger index = Python.toInt(slice).orElse(null);
    int listed = 0;
    int good = 0;
    List<PixelBox> boxes = new ArrayList<>();
    if (member(first, "bbox_2d_list") instanceof Json.ArrayValue list) {
      listed = list.items().size();
      for (Json box : list.items()) {
        double[] numbers = numbers(box);
        if (numbers.length == 4) {
          good += inOrder(numbers) ? 1 : 0;
          boxes.add(pixelBox(numbers));
        }
      }
    }
    return new PaperResponse(
        blocks.wellFormed(),
        thought,
        !items.isEmpty(),
        listed == 0 ? 0 : (double) good / listed,
        index,
        boxes);
  }

  /** The list the payload holds, empty if it cannot be had. */
  private static List<Json> items(String payload) {
    Json value = lenient(payload);
    if (value == Json.Constant.NULL) {
      value = lenient(balanced(payload));
    }
    if (value instanceof Json.ObjectValue object) {
      return object.members().get("entities") instanceof Json.ArrayValue entities
          ? entities.items()
          : List.of(object);
    }
    return value instanceof Json.ArrayValue array ? array.items() : List.of();
  }

  private static Json lenient(String text) {
    try {
      return JsonReader.read(text, JsonReader.Dialect.PYTHON);
    } catch (UnparsableException e) {
      return Json.Constant.NULL;
    }
  }

  /**
   * From the first bracket to its partner, counting brackets of that kind alone, those in strings
   * too; empty if there is none.
   */
  private static String balanced(String text) {
    int brace = text.indexOf('{');
    int bracket = text.indexOf('[');
    int start = brace < 0 || (bracket >= 0 && bracket < brace) ? bracket : brace;
    if (start < 0) {
      return "";
    }
    char open = text.charAt(start);
    char close = open == '{' ? '}' : ']';
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == open ? 1 : c == close ? -1 : 0;
      if (depth == 0) {
        return text.substring(start, i + 1);
      }
    }
    return "";
  }

  private static Json member(Json value, String key) {
    return value instanceof Json.ObjectValue object
        ? object.members().getOrDefault(key, Json.Constant.NULL)
        : Json.Constant.NULL;
  }

  /** Four whole numbers, rounded half to even; empty if the box has not four finite numbers. */
  private static double[] numbers(Json box) {
    if (!(box instanceof Json.ArrayValue array) || array.items().size() != 4) {
      return new double[0];
    }
    double[] numbers = new double[4];
    for (int i = 0; i < 4; i++) {
      double number = Python.toFloat(array.items().get(i)).orElse(Double.NaN);
      if (!Double.isFinite(number)) {
        return new double[0];
      }
      numbers[i] = Math.rint(number);
    }
    return numbers;
  }

  private boolean inOrder(double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0 || numbers[i] > (i % 2 == 0 ? scale.width() : scale.height())) {
        return false;
      }
    }
    return numbers[0] < numbers[2] && numbers[1] < numbers[3];
  }

  private PixelBox pixelBox(double[] numbers) {
    int x1 = pixel(numbers[0], scale.width(), columns);
    int y1 = pixel(numbers[1], scale.height(), rows);
    int x2 = pixel(numbers[2], scale.width(), columns);
    int y2 = pixel(numbers[3], scale.height(), rows);
    return PaperBoxes.widened(
        Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2), columns, rows);
  }

  private static int pixel(double number, double edge, int size) {
    double inside = Math.max(0, Math.min(edge, number));
    return (int) Math.rint(inside / edge * (size - 1));
  }
}
