package io.medvol.data.phantom;

import io.medvol.data.phantom.PhantomAnatomy.Organ;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the organs of a phantom came to lie, measured on its voxels. */
final class PhantomLayout {
  /** Voxels, and mean slice, row and column; the patient's right is at column 0. */
  record Extent(int voxels, double slice, double row, double column) {}

  private final LabelVolume labels;
  private final Map<Organ, Extent> extents;

  private PhantomLayout(LabelVolume labels, Map<Organ, Extent> extents) {
    this.labels = labels;
    this.extents = extents;
  }

  static PhantomLayout of(LabelVolume labels) {
    Map<Organ, Extent> extents = new EnumMap<>(Organ.class);
    for (Organ organ : Organ.values()) {
      extents.put(organ, extent(labels.mask(PhantomAnatomy.labels(organ))));
    }
    return new PhantomLayout(labels, extents);
  }

  Extent extent(Organ organ) {
    return extents.get(organ);
  }

  /** Organs that have voxels on a slice. */
  List<Organ> organsOn(int slice) {
    return Arrays.stream(Organ.values())
        .filter(organ -> labels.mask(PhantomAnatomy.labels(organ)).area(slice) > 0)
        .toList();
  }

  /**
   * Whether what the general questions say is true: sizes, sides and heights.
   *
   * @param bodyMiddle of the body from right to left, as a fraction of the side
   */
  boolean isSound(Optional<Lesion> lesion, double bodyMiddle) {
    GridSize grid = labels.size();
    boolean allVisible =
        extents.values().stream().allMatch(e -> e.voxels() >= PhantomAnatomy.MIN_VOXELS);
    boolean lesionVisible =
        lesion.isEmpty()
            || labels.mask(List.of(lesion.get().label())).count()
                >= PhantomAnatomy.MIN_LESION_VOXELS;
    if (!allVisible || !lesionVisible) {
      return false;
    }
    double middle = bodyMiddle * grid.columns() - 0.5;
    Extent liver = extent(Organ.LIVER);
    Extent bladder = extent(Organ.BLADDER);
    Extent right = extent(Organ.RIGHT_KIDNEY);
    Extent left = extent(Organ.LEFT_KIDNEY);
    Extent spleen = extent(Organ.SPLEEN);
    boolean sides =
        liver.column() < middle
            && right.column() < middle
            && left.column() > middle
            && spleen.column() > middle;
    boolean heights = bladder.slice() > right.slice() + 1 && bladder.slice() > left.slice() + 1;
    boolean liverLargest =
        extents.entrySet().stream()
            .allMatch(e -> e.getKey() == Organ.LIVER || e.getValue().voxels() < liver.voxels());
    return sides && heights && liverLargest;
  }

  private static Extent extent(BinaryMask mask) {
    GridSize grid = mask.size();
    double slices = 0;
    double rows = 0;
    double columns = 0;
    int count = 0;
    for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
      slices += at / grid.pixelsPerSlice();
      rows += at / grid.columns() % grid.rows();
      columns += at % grid.columns();
      count++;
    }
    int n = Math.max(count, 1);
    return new Extent(count, slices / n, rows / n, columns / n);
  }
}
