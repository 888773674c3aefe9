package io.medvol.model.qwen;

/**
 * What the tensors of a network are called. The hub's files keep the names a family was published
 * with; transformers and peft call the modules of all families alike.
 *
 * @param vision prefix of the vision tower's tensors in the files
 * @param decoder prefix of the decoder's
 */
record HubNames(String vision, String decoder) {
  private static final String MODULE_VISION = "model.visual.";
  private static final String MODULE_DECODER = "model.language_model.";

  /** Qwen2-VL and Qwen2.5-VL. */
  static final HubNames QWEN2 = new HubNames("visual.", "model.");

  /** Qwen3-VL, whose files use the names of the modules. */
  static final HubNames QWEN3 = new HubNames(MODULE_VISION, MODULE_DECODER);

  /** The module's name in transformers since 4.52, which peft uses. */
  String module(String hubName) {
    if (hubName.startsWith(vision)) {
      return MODULE_VISION + hubName.substring(vision.length());
    }
    return hubName.startsWith(decoder)
        ? MODULE_DECODER + hubName.substring(decoder.length())
        : hubName;
  }
}
