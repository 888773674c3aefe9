package io.medvol.model.sam2;

/** The slices of one volume as grey values. */
public interface SliceImages {
  int slices();

  /** Rows of the volume's own slices. */
  int rows();

  /** Columns of the volume's own slices. */
  int columns();

  /**
   * One slice, resized to a square as the network wants it.
   *
   * @return {@code [side][side]}, unsigned bytes
   */
  byte[] resized(int slice, int side);
}
