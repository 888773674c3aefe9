package io.medvol.grpo.segment;

import io.medvol.data.phantom.Phantom;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomGenerator;
import io.medvol.data.phantom.PhantomStructures;
import io.medvol.data.volume.GreyRule;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.HounsfieldWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A phantom as clips are drawn from it: grey values, and the structures large enough to follow. */
final class PhantomVolume {
  /** Quickstart's grid first, then finer ones. */
  private static final List<GridSize> GRIDS =
      List.of(
          new GridSize(12, 40, 40),
          new GridSize(16, 64, 64),
          new GridSize(24, 64, 64),
          new GridSize(12, 40, 40),
          new GridSize(32, 96, 96),
          new GridSize(24, 128, 128));

  private static final double LESIONS = 0.7;

  /** Pixels of a structure on a prompted slice, where the slice had 128 by 128. */
  private static final double LEAST_AREA = 16;

  /**
   * A structure.
   *
   * @param areas pixels on each slice
   * @param prompts slices where it is large enough for a prompt, the one where it is largest first
   */
  record Target(boolean lesion, byte[] mask, int[] areas, List<Integer> prompts) {
    int first() {
      int slice = 0;
      while (areas[slice] == 0) {
        slice++;
      }
      return slice;
    }

    int last() {
      int slice = areas.length - 1;
      while (areas[slice] == 0) {
        slice--;
      }
      return slice;
    }
  }

  private final GridSize size;
  private final byte[] greys;
  private final List<Target> targets;

  private PhantomVolume(GridSize size, byte[] greys, List<Target> targets) {
    this.size = size;
    this.greys = greys;
    this.targets = targets;
  }

  /** A function of seed and index. */
  static PhantomVolume generate(long seed, int index) {
    SplittableRandom random = new SplittableRandom(seed * 31 + index);
    GridSize grid = GRIDS.get(index % GRIDS.size());
    PhantomConfig config =
        new PhantomConfig(
            1,
            seed + index * 1_000_003L,
            grid.slices() + random.nextInt(-2, 3),
            grid.rows(),
            grid.columns(),
            random.nextDouble(0.03, 0.1),
            random.nextDouble(8, 32),
            LESIONS);
    return of(new PhantomGenerator(config).generate(0));
  }

  private static PhantomVolume of(Phantom phantom) {
    GridSize size = phantom.ct().size();
    int pixels = size.pixelsPerSlice();
    byte[] greys = new byte[size.voxels()];
    short[] labels = new short[size.voxels()];
    for (int slice = 0; slice < size.slices(); slice++) {
      byte[] own = HounsfieldWindow.SOFT_TISSUE.greys(phantom.ct().slice(slice), GreyRule.BOUNDS);
      System.arraycopy(own, 0, greys, slice * pixels, pixels);
      System.arraycopy(phantom.labels().slice(slice), 0, labels, slice * pixels, pixels);
    }
    List<Target> targets = new ArrayList<>();
    for (PhantomStructures.Structure organ : PhantomStructures.organs()) {
      add(targets, labels, size, organ, false);
    }
    add(targets, labels, size, PhantomStructures.lesion(), true);
    return new PhantomVolume(size, greys, targets);
  }

  private static void add(
      List<Target> targets,
      short[] labels,
      GridSize size,
      PhantomStructures.Structure structure,
      boolean lesion) {
    int pixels = size.pixelsPerSlice();
    byte[] mask = new byte[labels.length];
    int[] areas = new int[size.slices()];
    for (int i = 0; i < labels.length; i++) {
      if (structure.labels().contains((int) labels[i])) {
        mask[i] = (byte) 255;
        areas[i / pixels]++;
      }
    }
    double least = LEAST_AREA * pixels / (128 * 128);
    List<Integer> prompts = new ArrayList<>();
    for (int slice = 0; slice < areas.length; slice++) {
      if (areas[slice] >= Math.max(1, least)) {
        boolean larger = prompts.isEmpty() || areas[slice] > areas[prompts.get(0)];
        prompts.add(larger ? 0 : prompts.size(), slice);
      }
    }
    if (!prompts.isEmpty()) {
      targets.add(new Target(lesion, mask, areas, List.copyOf(prompts)));
    }
  }

  GridSize size() {
    return size;
  }

  List<Target> targets() {
    return targets;
  }

  /** One slice of the grey values or of a mask; a copy. */
  byte[] slice(byte[] values, int slice) {
    int pixels = size.pixelsPerSlice();
    return Arrays.copyOfRange(values, slice * pixels, (slice + 1) * pixels);
  }

  byte[] greys() {
    return greys;
  }
}
