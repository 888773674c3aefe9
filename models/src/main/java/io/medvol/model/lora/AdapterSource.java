package io.medvol.model.lora;

import io.medvol.data.error.MedVolException;
import java.util.Set;

/** The settings of an adapter and the values it begins with. */
public interface AdapterSource {
  LoraConfig config();

  /**
   * A of a module, {@code [rank][in]}, row-major.
   *
   * @throws MedVolException INVALID_INPUT if the source has none of this shape
   */
  float[] down(ModuleName module, int in);

  /** B of a module, {@code [out][rank]}, row-major. */
  float[] up(ModuleName module, int out);

  /**
   * Called once every module was asked for.
   *
   * @throws MedVolException INVALID_INPUT if some value belongs to none of these modules
   */
  void requireOnly(Set<String> modules);
}
