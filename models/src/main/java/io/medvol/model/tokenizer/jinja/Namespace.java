package io.medvol.model.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/** Jinja's mutable holder, the one thing a template may change from inside a loop. */
record Namespace(Map<String, Object> attributes) {
  static Namespace of(Map<String, Object> initial) {
    return new Namespace(new HashMap<>(initial));
  }
}
