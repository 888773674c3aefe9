package io.medvol.model.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/**
 * Jinja's mutable holder, the one thing a template may change from inside a loop. It may hold
 * itself, so it is equal to itself alone.
 */
final class Namespace {
  private final Map<String, Object> attributes;

  Namespace(Map<String, Object> initial) {
    this.attributes = new HashMap<>(initial);
  }

  Map<String, Object> attributes() {
    return attributes;
  }
}
