package io.medvol.grpo.segment;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.example.KeySlice;
import io.medvol.data.phantom.Phantom;
import io.medvol.data.phantom.PhantomStructures;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.propagation.EdgeBox;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A structure of a phantom with the anchor a perfect policy would give: its key slice and the box
 * around it.
 */
record HeldOutObject(String title, BinaryMask mask, int keySlice, EdgeBox box) {

  /** All organs, and the lesion if there is one. */
  static List<HeldOutObject> of(Phantom phantom) {
    List<PhantomStructures.Structure> structures = new ArrayList<>(PhantomStructures.organs());
    structures.add(PhantomStructures.lesion());
    List<HeldOutObject> objects = new ArrayList<>();
    List<Integer> slices = IntStream.range(0, phantom.ct().size().slices()).boxed().toList();
    for (PhantomStructures.Structure structure : structures) {
      BinaryMask mask = phantom.labels().mask(structure.labels());
      KeySlice.choose(mask, slices)
          .ifPresent(
              key -> {
                PixelBox box = GroundTruthBoxes.of(mask, key, new BoxRule.Single()).get(0);
                EdgeBox edges = new EdgeBox(box.x1(), box.y1(), box.x2() + 1, box.y2() + 1);
                objects.add(new HeldOutObject(structure.title(), mask, key, edges));
              });
    }
    return objects;
  }

  boolean lesion() {
    return title.equals(PhantomStructures.lesion().title());
  }

  /** The box with each edge moved in or out by a share of its side. */
  EdgeBox disturbed(double share, SplittableRandom random) {
    GridSize size = mask.size();
    double width = share * (box.x2() - box.x1());
    double height = share * (box.y2() - box.y1());
    return new EdgeBox(
        Math.max(0, box.x1() + sign(random) * width),
        Math.max(0, box.y1() + sign(random) * height),
        Math.min(size.columns(), box.x2() + sign(random) * width),
        Math.min(size.rows(), box.y2() + sign(random) * height));
  }

  private static int sign(SplittableRandom random) {
    return random.nextBoolean() ? 1 : -1;
  }

  /** The ellipse in the box from the object's first slice to its last. */
  BinaryMask ellipseOverExtent() {
    int first = 0;
    while (mask.area(first) == 0) {
      first++;
    }
    int last = mask.size().slices() - 1;
    while (mask.area(last) == 0) {
      last--;
    }
    return BoxEllipse.of(mask.size(), box, first, last);
  }
}
