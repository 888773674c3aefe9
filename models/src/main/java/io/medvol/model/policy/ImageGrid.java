package io.medvol.model.policy;

/**
 * Extent of one image or video in patches: frames (1 for a still), rows, columns.
 *
 * @param secondsPerFrame time between two frames of a video; without meaning for a still
 */
public record ImageGrid(int frames, int rows, int columns, double secondsPerFrame) {
  private static final double USUAL_SECONDS = 1;

  public ImageGrid {
    if (!(secondsPerFrame > 0) || Double.isInfinite(secondsPerFrame)) {
      throw new IllegalArgumentException(
          "A frame cannot last " + secondsPerFrame + " seconds: expected a positive number");
    }
  }

  public ImageGrid(int frames, int rows, int columns) {
    this(frames, rows, columns, USUAL_SECONDS);
  }

  public int patches() {
    return frames * rows * columns;
  }
}
