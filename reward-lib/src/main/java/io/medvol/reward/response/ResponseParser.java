package io.medvol.reward.response;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Reads completions strictly: {@code <think>…</think><answer>[{"slice": 37, "bbox_2d_list": [[412,
 * 300, 498, 377]]}]</answer>}, or {@code []} for an absent target. Anything may come in; it takes
 * linear time and never throws. Immutable, so it may be shared between threads.
 */
public final class ResponseParser {
  private static final String SLICE = "slice";
  private static final String BOXES = "bbox_2d_list";

  private final ResponseForm form;

  public ResponseParser(ResponseForm form) {
    this.form = Objects.requireNonNull(form, "form");
  }

  /**
   * @param completion the generated text
   * @param shownSlices canonical indices of the slices the policy saw; another one is no answer
   * @param scale of the coordinates
   */
  public ParsedResponse parse(String completion, Set<Integer> shownSlices, CoordinateScale scale) {
    try {
      Blocks blocks = Blocks.read(completion, form);
      Json payload = JsonReader.read(blocks.answer(), JsonReader.Dialect.STRICT);
      if (!(payload instanceof Json.ArrayValue array)) {
        throw new UnparsableException("The answer is not a JSON array");
      }
      if (array.items().isEmpty()) {
        return new ParsedResponse.Abstention(blocks.thought());
      }
      if (array.items().size() > 1 || !(array.items().get(0) instanceof Json.ObjectValue object)) {
        throw new UnparsableException("The answer is not an array with one object");
      }
      return new ParsedResponse.Grounded(blocks.thought(), anchor(object, shownSlices, scale));
    } catch (UnparsableException e) {
      return new ParsedResponse.Unparsable(e.getMessage());
    }
  }

  private static EvidenceAnchor anchor(
      Json.ObjectValue object, Set<Integer> shownSlices, CoordinateScale scale)
      throws UnparsableException {
    Json slice = object.members().get(SLICE);
    Json listed = object.members().get(BOXES);
    if (object.members().size() != 2 || slice == null || listed == null) {
      throw new UnparsableException("The object's keys are not exactly " + SLICE + " and " + BOXES);
    }
    int index = smallInteger(slice);
    if (!shownSlices.contains(index)) {
      throw new UnparsableException("slice is not the integer index of a slice that was shown");
    }
    if (!(listed instanceof Json.ArrayValue boxes) || boxes.items().isEmpty()) {
      throw new UnparsableException(BOXES + " is not an array with at least one box");
    }
    Set<WrittenBox> seen = new HashSet<>();
    List<ListedBox> read = new ArrayList<>(boxes.items().size());
    for (Json box : boxes.items()) {
      read.add(box(box, scale, seen));
    }
    return new EvidenceAnchor(index, read);
  }

  private static ListedBox box(Json value, CoordinateScale scale, Set<WrittenBox> seen) {
    if (!(value instanceof Json.ArrayValue array) || array.items().size() != 4) {
      return NOT_FOUR;
    }
    int[] v = new int[4];
    for (int i = 0; i < 4; i++) {
      v[i] = smallInteger(array.items().get(i));
      if (v[i] < 0 || v[i] > (i % 2 == 0 ? scale.width() : scale.height())) {
        return outOfRange(scale);
      }
    }
    if (v[0] >= v[2] || v[1] >= v[3]) {
      return DISORDERED;
    }
    WrittenBox box = new WrittenBox(v[0], v[1], v[2], v[3]);
    return seen.add(box) ? new ListedBox.Good(box) : REPEATED;
  }

  private static final ListedBox NOT_FOUR = new ListedBox.Bad("not an array of four numbers");
  private static final ListedBox DISORDERED = new ListedBox.Bad("not x1 < x2 and y1 < y2");
  private static final ListedBox REPEATED = new ListedBox.Bad("the same as an earlier box");

  private static ListedBox outOfRange(CoordinateScale scale) {
    return new ListedBox.Bad(
        scale.width() == scale.height()
            ? "not four integers in 0.." + scale.width()
            : "not x in 0.." + scale.width() + " and y in 0.." + scale.height());
  }

  /** An integer literal of at most nine digits; -1, which nothing here may be, for all else. */
  private static int smallInteger(Json value) {
    if (!(value instanceof Json.NumberValue number) || !number.integer()) {
      return -1;
    }
    String literal = number.literal();
    if (literal.equals("-0")) {
      return 0;
    }
    return literal.startsWith("-") || literal.length() > 9 ? -1 : Integer.parseInt(literal);
  }
}
