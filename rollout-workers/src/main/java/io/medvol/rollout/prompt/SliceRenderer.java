package io.medvol.rollout.prompt;

import io.medvol.model.policy.RgbImage;

/** Turns one slice of Hounsfield units into a picture. Thread-safe. */
@FunctionalInterface
public interface SliceRenderer {
  /**
   * @param hu {@code [row][column]} in row-major order
   */
  RgbImage render(short[] hu, int rows, int columns);
}
