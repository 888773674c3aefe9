package io.medvol.model.lora;

import io.medvol.data.error.MedVolException;
import java.util.Set;

/** The settings of an adapter and the values it begins with. */
public interface AdapterSource {
  LoraConfig config();

  /**
   * A of a module, {@code [rank][in]}, row-major.
   *
   * @param module its name in transformers
   * @param hubName its name in the model's files
   */
  float[] down(String module, String hubName, int in);

  /** B of a module, {@code [out][rank]}, row-major. */
  float[] up(String module, String hubName, int out);

  /**
   * Called once every module was asked for.
   *
   * @throws MedVolException INVALID_INPUT if some value belongs to none of these modules
   */
  void requireOnly(Set<String> modules);
}
