package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects what tracks find as masks on the volume's grid, one for each request. */
final class MaskPainter {
  private final Sam2Model model;
  private final GridSize size;
  private final List<BinaryMask.Builder> masks = new ArrayList<>();

  MaskPainter(Sam2Model model, GridSize size, int requests) {
    this.model = model;
    this.size = size;
    for (int i = 0; i < requests; i++) {
      masks.add(BinaryMask.builder(size));
    }
  }

  /** Brings logits to the volume's grid; says which slices stay empty. */
  boolean[] paint(List<Track> tracks, List<SliceDecision> decisions) {
    int side = model.config().maskSide();
    boolean[] empty = new boolean[tracks.size()];
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      Ops ops = scope.ops();
      for (int i = 0; i < tracks.size(); i++) {
        NDArray logits = scope.floats(decisions.get(i).logits(), 1, 1, side, side);
        NDArray large = ops.image().bilinear(logits, size.rows(), size.columns());
        ByteBuffer inside = Tensors.bytes(ops.cast(ops.greater(large, 0), DType.U8));
        empty[i] = !mark(inside, decisions.get(i).slice(), masks.get(tracks.get(i).request()));
      }
    }
    return empty;
  }

  private boolean mark(ByteBuffer inside, int slice, BinaryMask.Builder mask) {
    int pixels = size.pixelsPerSlice();
    int first = slice * pixels;
    boolean any = false;
    for (int pixel = 0; pixel < pixels; pixel++) {
      if (inside.get(pixel) != 0) {
        mask.setIndex(first + pixel);
        any = true;
      }
    }
    return any;
  }

  List<BinaryMask> masks() {
    return masks.stream().map(BinaryMask.Builder::build).toList();
  }
}
