package io.medvol.model.qwen;

import java.util.List;

/** Which axis (0 temporal, 1 height, 2 width) drives which rotary frequency. */
enum FrequencyOrder {
  /** Qwen3-VL: the axes take turns while height and width have frequencies left. */
  INTERLEAVED {
    @Override
    int axis(int frequency, List<Integer> sections) {
      int axis = frequency % 3;
      return axis != 0 && frequency < 3 * sections.get(axis) ? axis : 0;
    }
  },
  /** Qwen2-VL, Qwen2.5-VL: one block of frequencies for each axis. */
  SECTIONED {
    @Override
    int axis(int frequency, List<Integer> sections) {
      if (frequency < sections.get(0)) {
        return 0;
      }
      return frequency < sections.get(0) + sections.get(1) ? 1 : 2;
    }
  };

  abstract int axis(int frequency, List<Integer> sections);
}
