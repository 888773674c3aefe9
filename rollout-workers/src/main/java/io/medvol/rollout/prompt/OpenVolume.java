package io.medvol.rollout.prompt;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import java.util.List;

/** A prepared volume that is open for reading. One thread at a time. */
public interface OpenVolume extends AutoCloseable {
  GridSize size();

  /** Hounsfield units of one slice, {@code [row][column]} in row-major order, without the rest. */
  short[] slice(int index);

  /** The whole scan; read once and kept. */
  CtVolume ct();

  /** The union of these labels on the scan's grid; empty where none of them occurs. */
  BinaryMask mask(List<Integer> labels);

  @Override
  void close();
}
