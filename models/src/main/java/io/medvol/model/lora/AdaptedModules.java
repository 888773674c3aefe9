package io.medvol.model.lora;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.List;
import java.util.Set;

/** Which modules of one model an adapter's {@code target_modules} names. Immutable. */
public final class AdaptedModules {
  private final Set<String> modules;

  private AdaptedModules(Set<String> modules) {
    this.modules = modules;
  }

  /**
   * @param named every module of the model with a matrix or a kernel
   * @throws MedVolException INVALID_INPUT if the targets are none, or not modules that can be
   *     adapted
   */
  public static AdaptedModules of(TargetModules targets, List<ModuleName> named) {
    Set<String> selected = targets.select(named);
    for (String name : AdapterNames.WITHOUT_ADAPTER) {
      if (selected.contains(name)) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "target_modules names "
                + name
                + ", which cannot have an adapter: expected linear modules of the vision tower and"
                + " the decoder");
      }
    }
    if (selected.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "target_modules ("
              + String.join(", ", targets.words())
              + ") names no module of this model: expected names such as q_proj");
    }
    return new AdaptedModules(Set.copyOf(selected));
  }

  /** Whether a module is among them, by its current name. */
  public boolean contains(String module) {
    return modules.contains(module);
  }

  /** Their current names. */
  public Set<String> names() {
    return modules;
  }
}
