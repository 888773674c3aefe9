package io.medvol.spark.job;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a policy lies: on the local disk of every machine, or in storage that all of them reach.
 *
 * @param model folder of the model, in the layout of the Hugging Face hub
 * @param adapter folder of an adapter of it, as peft saves it
 */
public record PolicyLocation(String model, Optional<String> adapter) {
  public PolicyLocation {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(adapter, "adapter");
  }

  /** A model without adapter. */
  public static PolicyLocation of(String model) {
    return new PolicyLocation(model, Optional.empty());
  }

  public static PolicyLocation of(String model, String adapter) {
    return new PolicyLocation(model, Optional.of(adapter));
  }
}
