package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/** Lays out what tracks remember as the input of the memory attention. */
final class MemoryBank {
  /** How much a track remembers; tracks with equal shapes can advance as one batch. */
  record Shape(int memories, int pointers) {
    static Shape of(Track track) {
      return new Shape(track.remembered().size(), track.pointers().size());
    }
  }

  private final Sam2Model model;
  private final NDArray positions;

  /**
   * @param scope for the table of positions
   */
  MemoryBank(Sam2Model model, TensorScope scope) {
    this.model = model;
    Ops ops = scope.ops();
    NDArray steps = model.weights().get("maskmem_tpos_enc");
    NDArray times = ops.reshape(steps, steps.getShape().get(0), 1, -1);
    // {@code [temporal position][place][memory width]}
    this.positions = ops.cast(ops.add(model.memoryPositions(), times), model.type());
  }

  /** The memory of tracks of one shape. */
  MemoryAttention.Memory of(List<Track> tracks, TensorScope scope) {
    Ops ops = scope.ops();
    int width = model.config().memoryEncoder().width();
    List<NDArray> values = new ArrayList<>();
    List<Integer> times = new ArrayList<>();
    for (Track track : tracks) {
      for (Track.Remembered remembered : track.remembered()) {
        values.add(remembered.memory().values());
        times.add(remembered.position());
      }
    }
    int count = tracks.size();
    int[] ids = times.stream().mapToInt(Integer::intValue).toArray();
    NDArray places = ops.reshape(ops.cat(values, 0), count, -1, width);
    NDArray where =
        ops.reshape(ops.indexSelect(positions, 0, scope.indices(ids)), count, -1, width);
    int pointers = tracks.get(0).pointers().size();
    if (pointers == 0) {
      return new MemoryAttention.Memory(places, where, 0);
    }
    int split = model.config().width() / width;
    return new MemoryAttention.Memory(
        ops.cat(List.of(places, pointers(tracks, pointers, scope)), 1),
        ops.cat(List.of(where, distances(tracks, pointers, split, scope)), 1),
        pointers * split);
  }

  /** Each pointer as several tokens of the memory's width. */
  private NDArray pointers(List<Track> tracks, int pointers, TensorScope scope) {
    int width = model.config().width();
    float[] values = new float[tracks.size() * pointers * width];
    int at = 0;
    for (Track track : tracks) {
      for (Track.Pointer pointer : track.pointers()) {
        System.arraycopy(pointer.values(), 0, values, at, width);
        at += width;
      }
    }
    int memory = model.config().memoryEncoder().width();
    NDArray tokens =
        scope.floats(values, tracks.size(), (long) pointers * (width / memory), memory);
    return scope.ops().cast(tokens, model.type());
  }

  private NDArray distances(List<Track> tracks, int pointers, int split, TensorScope scope) {
    Ops ops = scope.ops();
    int width = model.config().width();
    float[] sines = new float[tracks.size() * pointers * width];
    int at = 0;
    for (Track track : tracks) {
      for (Track.Pointer pointer : track.pointers()) {
        Sines.number((float) pointer.distance() / track.pointerSpan(), sines, at, width);
        at += width;
      }
    }
    int count = tracks.size() * pointers;
    NDArray projected =
        ops.linear(
            scope.floats(sines, count, width),
            model.weights().get("obj_ptr_tpos_proj.weight"),
            model.weights().get("obj_ptr_tpos_proj.bias"));
    int memory = model.config().memoryEncoder().width();
    NDArray repeated = ops.expand(ops.reshape(projected, count, 1, memory), count, split, memory);
    NDArray where = ops.reshape(repeated, tracks.size(), (long) pointers * split, memory);
    return ops.cast(where, model.type());
  }
}
