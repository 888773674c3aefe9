package io.medvol.model.policy;

/** How boxes in answers are written. */
public enum Coordinates {
  /**
   * As the model's family was trained: pixels for Qwen2.5-VL, thousandths for Qwen2-VL and
   * Qwen3-VL.
   */
  FAMILY,
  /** 0..1000 across the slice and down. */
  THOUSANDTHS,
  /** Pixels of the slice as the image processor resized it. */
  PIXELS;

  /** Whether boxes are pixels for a model of this type. */
  public boolean pixels(String modelType) {
    return this == PIXELS || this == FAMILY && modelType.equals("qwen2_5_vl");
  }
}
