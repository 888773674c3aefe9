package io.medvol.reward.response;

import java.util.List;
import java.util.Map;

/** A JSON value that keeps the text of its numbers, because {@code 3.0} is not {@code 3} here. */
sealed interface Json {
  record ObjectValue(Map<String, Json> members) implements Json {}

  record ArrayValue(List<Json> items) implements Json {}

  record StringValue(String value) implements Json {}

  /** A number as written; Python's dialect adds NaN, Infinity and -Infinity. */
  record NumberValue(String literal) implements Json {
    /** Neither a fraction nor an exponent. */
    boolean integer() {
      for (int i = 0; i < literal.length(); i++) {
        char c = literal.charAt(i);
        if ((c < '0' || c > '9') && c != '-') {
          return false;
        }
      }
      return true;
    }
  }

  enum Constant implements Json {
    TRUE,
    FALSE,
    NULL
  }
}
