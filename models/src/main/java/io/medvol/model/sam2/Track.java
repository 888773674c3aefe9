package io.medvol.model.sam2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object followed in one direction, with what it remembers: the prompted slices, the last few
 * slices, and pointers of a few more. What it holds does not grow with the volume.
 */
final class Track implements AutoCloseable {
  /** Which way slices are visited. */
  enum Direction {
    FORWARD(1),
    REVERSE(-1);

    private final int step;

    Direction(int step) {
      this.step = step;
    }
  }

  /** A prompted slice; it belongs to both directions. */
  record Conditioned(SliceDecision decision, MemoryEntry memory) {}

  /** A memory, and the index of its temporal position. */
  record Remembered(MemoryEntry memory, int position) {}

  /** A pointer, and how many slices back it lies. */
  record Pointer(float[] values, int distance) {}

  private final int request;
  private final Direction direction;
  private final int last;
  private final int memories;
  private final int pointers;
  private final Map<Integer, Conditioned> conditioned = new TreeMap<>();
  private final Map<Integer, MemoryEntry> recent = new HashMap<>();
  private final Map<Integer, float[]> recentPointers = new HashMap<>();
  private int next;
  private int emptySlices;

  /**
   * @param last slice to visit
   * @param slices of the volume
   */
  Track(
      int request,
      Direction direction,
      List<Conditioned> prompts,
      int last,
      int slices,
      Sam2Config.Tracking tracking) {
    this.request = request;
    this.direction = direction;
    this.last = last;
    this.memories = tracking.memories();
    this.pointers = Math.min(slices, tracking.pointers());
    prompts.forEach(prompt -> conditioned.put(prompt.decision().slice(), prompt));
    this.next = prompts.stream().mapToInt(p -> p.decision().slice()).min().orElseThrow();
  }

  int request() {
    return request;
  }

  Direction direction() {
    return direction;
  }

  int next() {
    return next;
  }

  boolean ended() {
    return direction == Direction.FORWARD ? next > last : next < last;
  }

  /** The decision on the next slice where it was prompted, else null. */
  SliceDecision prompted() {
    Conditioned here = conditioned.get(next);
    return here == null ? null : here.decision();
  }

  /** Goes on to the next slice. */
  void advance() {
    next += direction.step;
    forget(next - direction.step * memories);
  }

  /** Takes over what was found on the slice it stands at. */
  void keep(SliceDecision decision, MemoryEntry memory) {
    recent.put(next, memory);
    recentPointers.put(next, decision.pointer());
    recentPointers.remove(next - direction.step * pointers);
  }

  private void forget(int slice) {
    MemoryEntry entry = recent.remove(slice);
    if (entry != null) {
      entry.close();
    }
  }

  /** Counts slices without the object in a row. */
  int emptyAfter(boolean empty) {
    emptySlices = empty ? emptySlices + 1 : 0;
    return emptySlices;
  }

  /** Ends here. */
  void stop() {
    next = last + direction.step;
  }

  /** Memories for the next slice: prompted slices, then the others, the farthest first. */
  List<Remembered> remembered() {
    List<Remembered> all = new ArrayList<>();
    conditioned.values().forEach(prompt -> all.add(new Remembered(prompt.memory(), memories - 1)));
    for (int distance = memories - 1; distance >= 1; distance--) {
      MemoryEntry entry = recent.get(next - direction.step * distance);
      if (entry != null) {
        all.add(new Remembered(entry, distance - 1));
      }
    }
    return all;
  }

  /**
   * Pointers for the next slice: prompted slices already passed, then the others, nearest first.
   */
  List<Pointer> pointers() {
    List<Pointer> all = new ArrayList<>();
    conditioned.forEach(
        (slice, prompt) -> {
          int distance = (next - slice) * direction.step;
          if (distance >= 0) {
            all.add(new Pointer(prompt.decision().pointer(), distance));
          }
        });
    for (int distance = 1; distance < pointers; distance++) {
      float[] pointer = recentPointers.get(next - direction.step * distance);
      if (pointer != null) {
        all.add(new Pointer(pointer, distance));
      }
    }
    return all;
  }

  /** The largest distance pointers are spaced by. */
  int pointerSpan() {
    return pointers - 1;
  }

  @Override
  public void close() {
    recent.values().forEach(MemoryEntry::close);
    recent.clear();
  }
}
