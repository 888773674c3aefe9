package io.medvol.model.pickle;

import static io.medvol.model.pickle.PickleException.corrupt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a pickle of protocol 2 to 5 on a stack of inert values. It understands what {@code
 * torch.save} writes for tensors in dictionaries and refuses every other name as soon as it is
 * mentioned; there is no way for a pickle to call anything. Memory stays within a multiple of the
 * pickle's length, since each value costs at least one byte of it.
 */
final class Unpickler {
  private final PickleInput in;
  private final Construction construction = new Construction();
  private final List<Object> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private Unpickler(byte[] pickle) {
    this.in = new PickleInput(pickle);
  }

  static Object read(byte[] pickle) throws PickleException {
    return new Unpickler(pickle).run();
  }

  private Object run() throws PickleException {
    while (true) {
      int at = in.position();
      int code = in.u1();
      if (code == '.') {
        return pop();
      }
      if (!scalar(code) && !collection(code) && !naming(code)) {
        throw corrupt(
            "has an unknown instruction 0x"
                + Integer.toHexString(code)
                + " at byte "
                + at
                + " of its pickle");
      }
    }
  }

  /** Instructions that push a value of their own, or none. */
  private boolean scalar(int code) throws PickleException {
    switch (code) {
      case 0x80 -> protocol(in.u1());
      case 0x95 -> in.require(in.u8());
      case 'J' -> push(in.i4());
      case 'K' -> push((long) in.u1());
      case 'M' -> push((long) in.u2());
      case 0x8a -> push(in.integer(in.u1()));
      case 0x8b -> push(in.integer(in.u4()));
      case 'G' -> push(in.f8());
      case 'X' -> push(in.text(in.u4()));
      case 0x8c -> push(in.text(in.u1()));
      case 0x8d -> push(in.text(in.u8()));
      case 'T' -> push(in.text(in.u4(), StandardCharsets.ISO_8859_1));
      case 'U' -> push(in.text(in.u1(), StandardCharsets.ISO_8859_1));
      case 'B' -> ignoredBytes(in.u4());
      case 'C' -> ignoredBytes(in.u1());
      case 0x8e, 0x96 -> ignoredBytes(in.u8());
      case 'N' -> push(PickleValue.None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean collection(int code) throws PickleException {
    switch (code) {
      case '(' -> marks.push(stack.size());
      case '0' -> pop();
      case '1' -> sinceMark();
      case '2' -> push(top());
      case '}' -> push(new LinkedHashMap<>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(new PickleValue.Tuple(List.of()));
      case 0x8f -> push(PickleValue.Ignored.IGNORED);
      case 't' -> push(new PickleValue.Tuple(sinceMark()));
      case 0x85 -> push(new PickleValue.Tuple(last(1)));
      case 0x86 -> push(new PickleValue.Tuple(last(2)));
      case 0x87 -> push(new PickleValue.Tuple(last(3)));
      case 'l' -> push(sinceMark());
      case 'd' -> {
        List<Object> items = sinceMark();
        push(new LinkedHashMap<>());
        setItems(items);
      }
      case 'a' -> append(last(1));
      case 'e' -> append(sinceMark());
      case 's' -> setItems(last(2));
      case 'u' -> setItems(sinceMark());
      case 0x90 -> sinceMark();
      case 0x91 -> {
        sinceMark();
        push(PickleValue.Ignored.IGNORED);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean naming(int code) throws PickleException {
    switch (code) {
      case 'q' -> memo.put((long) in.u1(), top());
      case 'r' -> memo.put(in.u4(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(remembered(in.u1()));
      case 'j' -> push(remembered(in.u4()));
      case 'c' -> {
        String module = in.line();
        push(PickleValue.Global.named(module, in.line()));
      }
      case 0x93 -> {
        List<Object> names = last(2);
        if (!(names.get(0) instanceof String module && names.get(1) instanceof String name)) {
          throw corrupt("mentions a name that is no text in its pickle");
        }
        push(PickleValue.Global.named(module, name));
      }
      case 'R', 0x81 -> {
        List<Object> call = last(2);
        push(construction.of(call.get(0), call.get(1)));
      }
      case 'b' -> pop();
      case 'Q' -> push(construction.storage(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void protocol(int version) throws PickleException {
    if (version < 2 || version > 5) {
      throw new PickleException(
          CheckpointException.Kind.UNSUPPORTED,
          "holds a pickle of protocol " + version + "; 2 to 5 are read");
    }
  }

  private void ignoredBytes(long length) throws PickleException {
    in.skip(length);
    push(PickleValue.Ignored.IGNORED);
  }

  private void append(List<Object> items) throws PickleException {
    Object target = top();
    if (target instanceof List<?>) {
      @SuppressWarnings("unchecked")
      List<Object> list = (List<Object>) target;
      list.addAll(items);
    } else if (target != PickleValue.Ignored.IGNORED) {
      throw corrupt("appends to something other than a list in its pickle");
    }
  }

  private void setItems(List<Object> items) throws PickleException {
    if (!(top() instanceof Map<?, ?>) || items.size() % 2 != 0) {
      throw corrupt("sets entries of something other than a dictionary in its pickle");
    }
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      // Other keys are of no use here, and hashing a list that holds itself would never end.
      if (items.get(i) instanceof String || items.get(i) instanceof Long) {
        map.put(items.get(i), items.get(i + 1));
      }
    }
  }

  private Object remembered(long index) throws PickleException {
    Object value = memo.get(index);
    if (value == null) {
      throw corrupt("refers to value " + index + " of its pickle before it was made");
    }
    return value;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() throws PickleException {
    if (stack.size() <= floor()) {
      throw corrupt("takes a value from an empty stack in its pickle");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws PickleException {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> last(int count) throws PickleException {
    if (stack.size() - count < floor()) {
      throw corrupt("takes a value from an empty stack in its pickle");
    }
    return cut(stack.size() - count);
  }

  private List<Object> sinceMark() throws PickleException {
    if (marks.isEmpty()) {
      throw corrupt("closes a group that was never opened in its pickle");
    }
    return cut(marks.pop());
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.peek();
  }

  private List<Object> cut(int from) {
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }
}
