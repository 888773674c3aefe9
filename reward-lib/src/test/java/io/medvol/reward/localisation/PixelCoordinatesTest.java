package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.volume.PixelBox;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.ListedBox;
import io.medvol.reward.response.PaperResponse;
import io.medvol.reward.response.PaperResponseParser;
import io.medvol.reward.response.ParsedResponse;
import io.medvol.reward.response.ResponseForm;
import io.medvol.reward.response.ResponseParser;
import io.medvol.reward.response.WrittenBox;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Answers in pixels of a slice of 512 x 333 that was resized to 504 x 336, Qwen2.5-VL's way. */
class PixelCoordinatesTest {
  private static final CoordinateScale RESIZED = new CoordinateScale(504, 336);
  private static final int COLUMNS = 512;
  private static final int ROWS = 333;

  private static String answer(String box) {
    return "<think>a</think><answer>[{\"slice\": 3, \"bbox_2d_list\": [" + box + "]}]</answer>";
  }

  private static ListedBox read(String box, CoordinateScale scale) {
    ParsedResponse response =
        new ResponseParser(ResponseForm.THINK_ANSWER).parse(answer(box), Set.of(3), scale);
    return ((ParsedResponse.Grounded) response).anchor().boxes().get(0);
  }

  @Test
  void aBoxIsHeldToTheSizeOfTheResizedSlice() {
    assertThat(read("[0, 0, 504, 336]", RESIZED))
        .isEqualTo(new ListedBox.Good(new WrittenBox(0, 0, 504, 336)));
    assertThat(read("[0, 0, 505, 336]", RESIZED))
        .isEqualTo(new ListedBox.Bad("not x in 0..504 and y in 0..336"));
    assertThat(read("[0, 0, 504, 337]", RESIZED)).isInstanceOf(ListedBox.Bad.class);
    assertThat(read("[0, 0, 1001, 5]", CoordinateScale.THOUSANDTHS))
        .isEqualTo(new ListedBox.Bad("not four integers in 0..1000"));
  }

  @Test
  void whatIsWrittenForABoxLiesWithinHalfAUnitOfIt() {
    for (int x = 0; x < COLUMNS - 9; x += 7) {
      PixelBox box = new PixelBox(x, x / 2, x + 8, x / 2 + 5);
      WrittenBox written = BoxCoordinates.encode(box, RESIZED, COLUMNS, ROWS);
      assertThat(written.x2()).isLessThanOrEqualTo(504);
      EdgeBox edges = BoxCoordinates.toEdges(written, RESIZED, COLUMNS, ROWS);
      EdgeBox exact = BoxCoordinates.toEdges(box);
      assertThat(Math.abs(edges.x1() - exact.x1())).isLessThanOrEqualTo(0.5 * COLUMNS / 504);
      assertThat(Math.abs(edges.y2() - exact.y2())).isLessThanOrEqualTo(0.5 * ROWS / 336);
    }
    assertThat(BoxCoordinates.encode(new PixelBox(0, 0, 511, 332), RESIZED, COLUMNS, ROWS))
        .isEqualTo(new WrittenBox(0, 0, 504, 336));
  }

  @Test
  void theReleasedModeReadsThemTooAndMapsTheFarCornerToTheLastPixel() {
    PaperResponse pixels =
        new PaperResponseParser(COLUMNS, ROWS, RESIZED).parse(answer("[252, 168, 504, 336]"));
    PaperResponse thousandths =
        new PaperResponseParser(COLUMNS, ROWS, CoordinateScale.THOUSANDTHS)
            .parse(answer("[500, 500, 1000, 1000]"));
    assertThat(pixels.boxes()).isEqualTo(thousandths.boxes());
    assertThat(pixels.boxes().get(0).x2()).isEqualTo(COLUMNS - 1);
  }
}
