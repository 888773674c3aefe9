package io.medvol.data.volume;

/**
 * The permutation and flips that bring a volume from its own axes to an {@link Orientation}, with
 * the affine that keeps every voxel at its place in the patient. Nothing is interpolated. Immutable
 * and thread-safe.
 */
public final class Reorientation {
  private final VolumeGeometry source;
  private final VolumeGeometry target;
  private final int origin;
  private final int[] strides;

  private Reorientation(VolumeGeometry source, VolumeGeometry target, int origin, int[] strides) {
    this.source = source;
    this.target = target;
    this.origin = origin;
    this.strides = strides;
  }

  /**
   * @throws IllegalArgumentException if the affine of the source is singular
   */
  public static Reorientation of(VolumeGeometry source, Orientation wanted) {
    Orientation present = Orientation.of(source.affine());
    int[] extent = extent(source.size());
    int[] goesTo = new int[3];
    boolean[] flipped = new boolean[3];
    int[] newExtent = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      PatientAxis direction = present.axis(axis);
      int to = 0;
      while (wanted.axis(to).world() != direction.world()) {
        to++;
      }
      goesTo[axis] = to;
      flipped[axis] = wanted.axis(to) != direction;
      newExtent[to] = extent[axis];
    }
    int[] steps = {1, newExtent[0], newExtent[0] * newExtent[1]};
    int[] strides = new int[3];
    double[] first = new double[3];
    int origin = 0;
    for (int axis = 0; axis < 3; axis++) {
      int step = steps[goesTo[axis]];
      strides[axis] = flipped[axis] ? -step : step;
      if (flipped[axis]) {
        origin += (extent[axis] - 1) * step;
        first[axis] = extent[axis] - 1;
      }
    }
    double[] corner = source.affine().apply(first[0], first[1], first[2]);
    double[] rows = new double[12];
    for (int world = 0; world < 3; world++) {
      for (int axis = 0; axis < 3; axis++) {
        double step = source.affine().at(world, axis);
        // 0 - step and not -step: a zero stays a positive zero.
        rows[world * 4 + goesTo[axis]] = flipped[axis] ? 0 - step : step;
      }
      rows[world * 4 + 3] = corner[world];
    }
    VolumeGeometry target =
        new VolumeGeometry(
            new GridSize(newExtent[2], newExtent[1], newExtent[0]), Affine.ofRows(rows));
    return new Reorientation(source, target, origin, strides);
  }

  public VolumeGeometry source() {
    return source;
  }

  public VolumeGeometry target() {
    return target;
  }

  /** Where a voxel of the source goes: its {@link GridSize#index} in the target. */
  public int index(int slice, int row, int column) {
    return origin + slice * strides[2] + row * strides[1] + column * strides[0];
  }

  /** The distance in the target between neighbours along a row of the source. */
  public int columnStride() {
    return strides[0];
  }

  /** Values {@code [slice][row][column]} of the source in the order of the target; a copy. */
  public short[] apply(short[] values) {
    GridSize size = source.size();
    if (values.length != size.voxels()) {
      throw new IllegalArgumentException(values.length + " values do not fill a grid of " + size);
    }
    short[] moved = new short[values.length];
    int from = 0;
    for (int slice = 0; slice < size.slices(); slice++) {
      for (int row = 0; row < size.rows(); row++) {
        int to = index(slice, row, 0);
        for (int column = 0; column < size.columns(); column++, to += strides[0]) {
          moved[to] = values[from++];
        }
      }
    }
    return moved;
  }

  private static int[] extent(GridSize size) {
    return new int[] {size.columns(), size.rows(), size.slices()};
  }
}
