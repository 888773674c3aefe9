package io.medvol.model.lora;

import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * An adapter that changes nothing yet: B is zero, A is uniform within {@code 1 / sqrt(in)}, as in
 * peft. The values depend on the seed and the module's name alone.
 */
public record FreshAdapter(LoraConfig config, long seed) implements AdapterSource {
  public FreshAdapter {
    Objects.requireNonNull(config, "config");
  }

  @Override
  public float[] down(ModuleName module, int in) {
    SplittableRandom random = new SplittableRandom(seed * 31 + module.current().hashCode());
    double bound = 1 / Math.sqrt(in);
    float[] values = new float[Math.multiplyExact(config.rank(), in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  @Override
  public float[] up(ModuleName module, int out) {
    return new float[Math.multiplyExact(out, config.rank())];
  }

  @Override
  public void requireOnly(Set<String> modules) {}
}
