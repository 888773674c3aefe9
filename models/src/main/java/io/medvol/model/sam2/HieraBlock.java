package io.medvol.model.sam2;

import java.util.ArrayList;
import java.util.List;

/**
 * What one block of the trunk does.
 *
 * @param window side of its windows, 0 for attention to the whole map
 * @param stride 2 where it halves the map, else 1
 * @param endsStage whether its output is a level of the pyramid
 */
record HieraBlock(
    int index, int channelsIn, int channels, int heads, int window, int stride, boolean endsStage) {

  boolean projects() {
    return channelsIn != channels;
  }

  /** All blocks in order; the first block of a stage still has the window of the stage before. */
  static List<HieraBlock> all(Sam2Config.Trunk trunk) {
    List<HieraBlock> blocks = new ArrayList<>();
    int index = 0;
    for (int stage = 0; stage < trunk.stages().size(); stage++) {
      for (int i = 0; i < trunk.stages().get(stage); i++) {
        boolean opens = stage > 0 && i == 0;
        int window =
            trunk.globalBlocks().contains(index)
                ? 0
                : trunk.windows().get(opens ? stage - 1 : stage);
        blocks.add(
            new HieraBlock(
                index,
                trunk.channels(opens ? stage - 1 : stage),
                trunk.channels(stage),
                trunk.numHeads() << stage,
                window,
                opens ? 2 : 1,
                i == trunk.stages().get(stage) - 1));
        index++;
      }
    }
    return blocks;
  }
}
