package io.medvol.model.qwen;

import io.medvol.model.lora.ModuleName;
import io.medvol.model.weights.WeightFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * What the tensors of a network are called. A family keeps the names it was published with on the
 * hub; transformers since 4.52, and so peft, call the modules of all families alike and may save
 * weights by these names too. Here the published names count, whatever a file uses: every version
 * of transformers reads them.
 *
 * @param vision published prefix of the vision tower's tensors
 * @param decoder published prefix of the decoder's
 */
record HubNames(String vision, String decoder) {
  private static final String MODULE_VISION = "model.visual.";
  private static final String MODULE_DECODER = "model.language_model.";
  private static final String WEIGHT = ".weight";

  /** Qwen2-VL and Qwen2.5-VL; also the older names of modules in every family. */
  static final HubNames QWEN2 = new HubNames("visual.", "model.");

  /** Qwen3-VL, published with the current names of modules. */
  static final HubNames QWEN3 = new HubNames(MODULE_VISION, MODULE_DECODER);

  /** The name since transformers 4.52, from either naming. */
  static String current(String name) {
    if (name.startsWith(MODULE_VISION) || name.startsWith(MODULE_DECODER)) {
      return name;
    }
    if (name.startsWith(QWEN2.vision)) {
      return MODULE_VISION + name.substring(QWEN2.vision.length());
    }
    return name.startsWith(QWEN2.decoder)
        ? MODULE_DECODER + name.substring(QWEN2.decoder.length())
        : name;
  }

  /** The published name, from either naming. */
  String published(String name) {
    String current = current(name);
    if (current.startsWith(MODULE_VISION)) {
      return vision + current.substring(MODULE_VISION.length());
    }
    return current.startsWith(MODULE_DECODER)
        ? decoder + current.substring(MODULE_DECODER.length())
        : name;
  }

  /** Both names of a module, from either. */
  static ModuleName module(String name) {
    return new ModuleName(current(name), QWEN2.published(name));
  }

  /** The module that a weight belongs to, from either naming. */
  static String moduleOf(String weight) {
    return weight.endsWith(WEIGHT)
        ? weight.substring(0, weight.length() - WEIGHT.length())
        : weight;
  }

  /** The modules with a matrix or a kernel. */
  static List<ModuleName> modules(WeightFiles files) {
    return files.names().stream()
        .filter(name -> name.endsWith(WEIGHT) && files.entry(name).shape().size() > 1)
        .map(name -> module(moduleOf(name)))
        .toList();
  }

  /**
   * Opens weights by their published names.
   *
   * @throws io.medvol.data.error.MedVolException as {@link WeightFiles#open(List)}
   */
  WeightFiles open(List<Path> files) {
    return WeightFiles.open(files, this::published);
  }
}
