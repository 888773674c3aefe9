package io.medvol.rollout.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.GridSize;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Coordinates;
import io.medvol.model.policy.PromptOptions;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.reward.LocalisationScorer;
import io.medvol.testing.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts, demonstrations and answers speak of boxes as the family of the model was trained. */
class BoxScaleTest {
  private static final VrsSample SAMPLE = TinyVolumes.samples(1).get(0);
  private static final PromptOptions USUAL = PromptOptions.defaults();

  private static BoxScale scale(String type, PromptOptions options) {
    return BoxScale.of(ModelDirectory.open(Golden.models(type).get(0)), options);
  }

  private static String prompt(BoxScale scale) {
    List<ChatMessage> messages =
        new SlicePromptBuilder(WindowedSlices.softTissue(), ResponseForm.THINK_ANSWER, scale)
            .build(SAMPLE, new TinyVolumes().open("v"));
    List<ChatMessage.Part> parts = messages.get(0).parts();
    return ((ChatMessage.Text) parts.get(parts.size() - 1)).text();
  }

  private static String demonstration(BoxScale scale) {
    return new Demonstration(DemonstrationConfig.defaults(), ResponseForm.THINK_ANSWER, scale)
        .of(SAMPLE, new TinyVolumes().open("v"));
  }

  private static double spatial(BoxScale scale, String answer) {
    LocalisationScorer scorer =
        new LocalisationScorer(
            new LocalisationRewards(RewardConfig.defaults(), new BoxPropagator()), scale);
    LocalisationScore score =
        scorer.score(SAMPLE, new TinyVolumes().open("v"), List.of(answer)).get(0);
    return score.reward().terms().get("spatial").value();
  }

  /** The tiny slice of 4 x 8 becomes one of 56 x 84 pixels of merged patches of 28. */
  @ParameterizedTest
  @CsvSource({
    "qwen2_vl, FAMILY, false",
    "qwen2_5_vl, FAMILY, true",
    "qwen3_vl, FAMILY, false",
    "qwen2_5_vl, THOUSANDTHS, false",
    "qwen2_vl, PIXELS, true",
    "qwen3_vl, PIXELS, true"
  })
  void theFamilyDecidesUnlessTheSettingDoes(String type, Coordinates setting, boolean pixels) {
    BoxScale scale = scale(type, new PromptOptions(0, 0, 0, setting));
    CoordinateScale found = scale.of(TinyVolumes.SIZE);
    assertThat(found.equals(CoordinateScale.THOUSANDTHS)).isEqualTo(!pixels);
    assertThat(prompt(scale))
        .contains(
            pixels
                ? "Coordinates are whole pixels from the upper left corner of a slice "
                    + found.width()
                    + " wide and "
                    + found.height()
                    + " high. "
                : "Coordinates are whole numbers from 0 to 1000 across the slice. ");
    String demonstration = demonstration(scale);
    assertThat(spatial(scale, demonstration)).as(demonstration).isCloseTo(1, within(0.05));
  }

  @Test
  void qwen25WritesPixelsOfTheResizedSlice() {
    BoxScale scale = scale("qwen2_5_vl", USUAL);
    CoordinateScale found = scale.of(TinyVolumes.SIZE);
    assertThat(found.width() % 28).isZero();
    assertThat(found.height() % 28).isZero();
    // Columns 2..5 of 8 and rows 1..2 of 4: from a quarter to three quarters each way.
    assertThat(demonstration(scale))
        .contains(
            "[["
                + found.width() / 4
                + ", "
                + found.height() / 4
                + ", "
                + 3 * found.width() / 4
                + ", "
                + 3 * found.height() / 4
                + "]]");
    assertThat(spatial(BoxScale.THOUSANDTHS, demonstration(scale))).isLessThan(0.5);
  }

  @Test
  void aLimitOnThePicturesMovesTheirPixels() {
    GridSize slice = new GridSize(1, 512, 512);
    CoordinateScale small =
        scale("qwen2_5_vl", new PromptOptions(0, 100_352, 0, Coordinates.FAMILY)).of(slice);
    CoordinateScale large =
        scale("qwen2_5_vl", new PromptOptions(0, 401_408, 0, Coordinates.FAMILY)).of(slice);
    assertThat(small).isEqualTo(new CoordinateScale(308, 308));
    assertThat(large).isEqualTo(new CoordinateScale(504, 504));
  }
}
