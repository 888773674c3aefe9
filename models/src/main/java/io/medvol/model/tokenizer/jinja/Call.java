package io.medvol.model.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/**
 * What a function, a method, a macro or a filter is called with.
 *
 * @param name of what is called, for messages
 * @param budget pays for what the call does
 */
record Call(String name, List<Object> positional, Map<String, Object> named, Budget budget) {
  /** An argument by place or name. */
  Object get(int index, String keyword, Object otherwise) {
    return index < positional.size()
        ? positional.get(index)
        : named.getOrDefault(keyword, otherwise);
  }

  /** An argument that has to be there. */
  Object require(int index) {
    if (index >= positional.size()) {
      throw new TemplateFault(name + " lacks its argument " + (index + 1));
    }
    return positional.get(index);
  }

  /** A text that has to be there. */
  String text(int index) {
    return Values.string(require(index));
  }

  /** The call of what the first argument names, with the arguments behind it. */
  Call rest(String callee) {
    return new Call(
        callee,
        positional.subList(Math.min(1, positional.size()), positional.size()),
        Map.of(),
        budget);
  }
}
