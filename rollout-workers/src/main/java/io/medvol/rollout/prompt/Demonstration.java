package io.medvol.rollout.prompt;

import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.localisation.BoxCoordinates;
import io.medvol.reward.response.NormalisedBox;
import java.util.stream.Collectors;

/**
 * The answer a supervised policy is taught for a sample: its key slice and boxes, or that the
 * target is absent, in the form the prompt asks for.
 */
public final class Demonstration {
  private Demonstration() {}

  /**
   * @param size of the sample's volume, to which the boxes relate
   */
  public static String of(VrsSample sample, GridSize size) {
    if (sample.key().isEmpty()) {
      return "<think>I see no " + sample.target() + " on these slices.</think><answer>[]</answer>";
    }
    int slice = sample.key().getAsInt();
    String boxes =
        sample.keyBoxes().stream().map(box -> box(box, size)).collect(Collectors.joining(", "));
    return "<think>The "
        + sample.target()
        + " is large on slice "
        + slice
        + ".</think><answer>[{\"slice\": "
        + slice
        + ", \"bbox_2d_list\": ["
        + boxes
        + "]}]</answer>";
  }

  private static String box(PixelBox box, GridSize size) {
    NormalisedBox code = BoxCoordinates.encode(box, size.columns(), size.rows());
    return "[" + code.x1() + ", " + code.y1() + ", " + code.x2() + ", " + code.y2() + "]";
  }
}
