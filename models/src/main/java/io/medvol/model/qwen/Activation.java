package io.medvol.model.qwen;

import java.util.Arrays;
import java.util.Optional;

/** The activation of a vision block, by its name in {@code config.json}. */
enum Activation {
  GELU_TANH("gelu_pytorch_tanh", "gelu_tanh"),
  GELU("gelu", "gelu"),
  /** {@code x * sigmoid(1.702 x)}. */
  QUICK_GELU("quick_gelu", "quick_gelu"),
  SILU("silu", "silu");

  private final String configName;
  private final String operation;

  Activation(String configName, String operation) {
    this.configName = configName;
    this.operation = operation;
  }

  static Optional<Activation> named(String configName) {
    return Arrays.stream(values()).filter(one -> one.configName.equals(configName)).findFirst();
  }

  String configName() {
    return configName;
  }

  /** Its name among the operations. */
  String operation() {
    return operation;
  }
}
