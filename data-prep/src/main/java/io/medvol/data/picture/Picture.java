package io.medvol.data.picture;

import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;
import java.util.Objects;

/**
 * A picture of 8 bits: {@code [row][column][channel]} in row-major order, one channel (grey) or
 * three (red, green, blue). Immutable by contract: the array is not copied.
 *
 * <p>In a slice shard a picture is a volume of one slice for each channel whose values are 0 to
 * 255; its place in the patient means nothing.
 */
public final class Picture {
  /** Red, green, blue. */
  public static final int COLOURS = 3;

  private final int rows;
  private final int columns;
  private final int channels;
  private final byte[] samples;

  public Picture(int rows, int columns, int channels, byte[] samples) {
    this.rows = rows;
    this.columns = columns;
    this.channels = channels;
    this.samples = Objects.requireNonNull(samples, "samples");
    if ((channels != 1 && channels != COLOURS)
        || samples.length != Math.multiplyExact(Math.multiplyExact(rows, columns), channels)) {
      throw new IllegalArgumentException(
          samples.length + " samples for " + rows + "x" + columns + "x" + channels);
    }
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public int channels() {
    return channels;
  }

  /** From 0 to 255. */
  public int sample(int row, int column, int channel) {
    return samples[(row * columns + column) * channels + channel] & 0xff;
  }

  /** Red, green and blue of each pixel; a grey picture has three equal ones. */
  public byte[] rgb() {
    byte[] rgb = new byte[rows * columns * COLOURS];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = samples[channels == 1 ? i / COLOURS : i];
    }
    return rgb;
  }

  /** This picture with one channel if its colours are all greys. */
  public Picture compact() {
    if (channels == 1) {
      return this;
    }
    byte[] grey = new byte[rows * columns];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = samples[3 * i];
      if (samples[3 * i + 1] != grey[i] || samples[3 * i + 2] != grey[i]) {
        return this;
      }
    }
    return new Picture(rows, columns, 1, grey);
  }

  /** As a volume of a slice shard. */
  public CtVolume toVolume() {
    GridSize size = new GridSize(channels, rows, columns);
    short[] values = new short[size.voxels()];
    int pixels = size.pixelsPerSlice();
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (samples[i % pixels * channels + i / pixels] & 0xff);
    }
    return new CtVolume(VolumeGeometry.canonical(size, 1, 1, 1), values);
  }

  /**
   * From the slices of a shard, one for each channel.
   *
   * @param channels {@code [channel][row * columns + column]}
   * @throws IllegalArgumentException if they are none of a picture
   */
  public static Picture ofChannels(int rows, int columns, short[]... channels) {
    byte[] samples = new byte[Math.multiplyExact(rows * columns, channels.length)];
    for (int c = 0; c < channels.length; c++) {
      for (int i = 0; i < channels[c].length; i++) {
        short value = channels[c][i];
        if (value < 0 || value > 255) {
          throw new IllegalArgumentException("the value " + value + " is no grey level");
        }
        samples[i * channels.length + c] = (byte) value;
      }
    }
    return new Picture(rows, columns, channels.length, samples);
  }
}
