package io.medvol.model.pickle;

import static io.medvol.model.pickle.PickleException.corrupt;

import io.medvol.model.pickle.PickleValue.Global;
import io.medvol.model.pickle.PickleValue.Storage;
import io.medvol.model.pickle.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Makes the values that a pickle's calls of the allowed names stand for. */
final class Construction {
  private static final int MOST_AXES = 16;

  Object of(Object callee, Object arguments) throws PickleException {
    if (!(callee instanceof Global global) || !(arguments instanceof Tuple tuple)) {
      throw corrupt("calls something that is no name in its pickle");
    }
    List<Object> items = tuple.items();
    return switch (global) {
      case ORDERED_DICT -> new LinkedHashMap<>();
      case REBUILD_TENSOR -> tensor(items);
      case REBUILD_PARAMETER -> argument(items, 0, PickledTensor.class);
      case SIZE -> argument(items, 0, Tuple.class);
      case ENCODE, SET -> PickleValue.Ignored.IGNORED;
      default -> throw corrupt("calls a storage class in its pickle");
    };
  }

  /** From the tuple ('storage', class, key, device, elements). */
  Storage storage(Object id) throws PickleException {
    if (!(id instanceof Tuple tuple)) {
      throw corrupt("refers to a storage without describing it");
    }
    List<Object> items = tuple.items();
    Global global = argument(items, 1, Global.class);
    long elements = argument(items, 4, Long.class);
    if (global.type() == null || elements < 0) {
      throw corrupt("refers to a storage of " + elements + " elements of " + global);
    }
    return new Storage(global.type(), argument(items, 2, String.class), elements);
  }

  /** From (storage, offset, shape, strides, …). */
  private static PickledTensor tensor(List<Object> items) throws PickleException {
    Storage storage = argument(items, 0, Storage.class);
    long offset = argument(items, 1, Long.class);
    List<Long> shape = integers(argument(items, 2, Tuple.class));
    List<Long> strides = integers(argument(items, 3, Tuple.class));
    if (shape.size() != strides.size() || shape.size() > MOST_AXES || offset < 0) {
      throw corrupt(
          "has a tensor of shape " + shape + " with strides " + strides + " from " + offset);
    }
    long elements = 1;
    long last = offset;
    try {
      for (int axis = 0; axis < shape.size(); axis++) {
        elements = Math.multiplyExact(elements, shape.get(axis));
        long steps = Math.max(0, shape.get(axis) - 1);
        last = Math.addExact(last, Math.multiplyExact(steps, strides.get(axis)));
      }
    } catch (ArithmeticException e) {
      throw corrupt("has a tensor too large to address: " + shape + " with strides " + strides);
    }
    if (elements > 0 && last >= storage.elements()) {
      throw corrupt(
          "has a tensor that reaches element "
              + last
              + " of a storage of "
              + storage.elements()
              + " elements");
    }
    return new PickledTensor(
        storage.type(), storage.key(), storage.elements(), offset, shape, strides);
  }

  private static List<Long> integers(Tuple tuple) throws PickleException {
    List<Long> integers = new ArrayList<>();
    for (Object item : tuple.items()) {
      if (!(item instanceof Long integer) || integer < 0) {
        throw corrupt("has a tensor whose shape or strides are not natural numbers");
      }
      integers.add(integer);
    }
    return integers;
  }

  private static <T> T argument(List<Object> items, int index, Class<T> type)
      throws PickleException {
    if (index >= items.size() || !type.isInstance(items.get(index))) {
      throw corrupt(
          "lacks a "
              + type.getSimpleName()
              + " as argument "
              + (index + 1)
              + " of a call in its pickle");
    }
    return type.cast(items.get(index));
  }
}
