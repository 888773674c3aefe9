package io.medvol.model.policy;

/** Extent of one image in patches: frames (1 for a still), rows, columns. */
public record ImageGrid(int frames, int rows, int columns) {
  public int patches() {
    return frames * rows * columns;
  }
}
