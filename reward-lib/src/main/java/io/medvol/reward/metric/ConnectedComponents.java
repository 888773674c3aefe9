package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** Splits a mask into connected components, such as the lesions of a scan. */
public final class ConnectedComponents {
  /** Which voxels touch. */
  public enum Connectivity {
    /** The 6 that share a face. */
    FACES,
    /** These and the 12 that share an edge. */
    EDGES,
    /** These and the 8 that share a corner. */
    CORNERS;

    /** Along how many axes at once neighbours may differ. */
    int axes() {
      return ordinal() + 1;
    }
  }

  /**
   * @param voxels number of voxels
   * @param firstVoxel the first in the order of {@link GridSize#index}
   * @param mask the component on the grid of the whole
   */
  public record Component(int voxels, int firstVoxel, BinaryMask mask) {}

  private ConnectedComponents() {}

  /** Largest first; of equal ones the one met first. */
  public static List<Component> of(BinaryMask mask, Connectivity connectivity) {
    LabelledRuns runs = LabelledRuns.of(mask, connectivity);
    List<BitSet> sets = new ArrayList<>();
    for (int run = 0; run < runs.runs(); run++) {
      if (runs.component(run) == sets.size()) {
        sets.add(new BitSet());
      }
      sets.get(runs.component(run)).set(runs.start(run), runs.end(run));
    }
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      BitSet set = sets.get(i);
      components.add(
          new Component(
              runs.voxels(i),
              set.nextSetBit(0),
              BinaryMask.ofWords(mask.size(), set.toLongArray())));
    }
    components.sort(Comparator.comparingInt(Component::voxels).reversed());
    return components;
  }
}
