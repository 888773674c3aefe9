package io.medvol.model.qwen;

import io.medvol.model.policy.Precision;
import io.medvol.model.tensor.DType;
import java.util.function.Predicate;

/**
 * The types a network is held and computed in.
 *
 * @param compute of activations, and of weights that are not trained
 * @param trained says of a weight's name whether it is: then it is float32
 */
record WeightTypes(DType compute, Predicate<String> trained) {
  static final WeightTypes F32 = new WeightTypes(DType.F32, name -> false);

  static WeightTypes of(Precision precision, Predicate<String> trained) {
    return new WeightTypes(precision == Precision.BF16 ? DType.BF16 : DType.F32, trained);
  }

  DType of(String name) {
    return isTrained(name) ? DType.F32 : compute;
  }

  boolean isTrained(String name) {
    return trained.test(name);
  }
}
