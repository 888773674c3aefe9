package io.medvol.model.policy;

import java.io.Serializable;
import java.util.List;

/**
 * The trainable parameters of a policy as one vector: names (those of the Hugging Face hub), shapes
 * and where each begins, sorted by name.
 */
public record ParameterLayout(List<Parameter> parameters) implements Serializable {
  public ParameterLayout {
    parameters = List.copyOf(parameters);
  }

  /** Length of the vector. */
  public int size() {
    if (parameters.isEmpty()) {
      return 0;
    }
    Parameter last = parameters.get(parameters.size() - 1);
    return last.offset() + last.length();
  }

  /** One tensor: row-major at {@code offset .. offset + length}. */
  public record Parameter(String name, List<Long> shape, int offset, int length)
      implements Serializable {
    public Parameter {
      shape = List.copyOf(shape);
    }
  }
}
