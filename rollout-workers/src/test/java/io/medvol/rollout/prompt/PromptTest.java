package io.medvol.rollout.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.model.policy.ChatMessage;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.reward.LocalisationScorer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTest {
  private static final Demonstration EXACT =
      new Demonstration(DemonstrationConfig.defaults(), ResponseForm.THINK_ANSWER);

  private final SlicePromptBuilder prompts = new SlicePromptBuilder(WindowedSlices.softTissue());

  @Test
  void slicesComeFirstEachBehindItsNumberAndTheQuestionLast() {
    VrsSample sample = TinyVolumes.samples(1).get(0);
    List<ChatMessage> messages = prompts.build(sample, new TinyVolumes().open("v"));
    assertThat(messages).hasSize(1);
    assertThat(messages.get(0).role()).isEqualTo("user");
    List<ChatMessage.Part> parts = messages.get(0).parts();
    assertThat(parts).hasSize(7);
    for (int i = 0; i < 3; i++) {
      assertThat(parts.get(2 * i)).isEqualTo(new ChatMessage.Text("<slice " + i + ">\n"));
      assertThat(parts.get(2 * i + 1)).isInstanceOf(ChatMessage.Image.class);
    }
    assertThat(((ChatMessage.Text) parts.get(6)).text())
        .contains(sample.question())
        .contains("<think>...</think><answer>[{\"slice\": N, \"bbox_2d_list\": ");
  }

  @Test
  void windowShowsBlackBelowAndWhiteAbove() {
    var image = WindowedSlices.softTissue().render(new short[] {-1000, 240, 40, 3000}, 2, 2);
    assertThat(image.rgb()).hasSize(12);
    assertThat(List.of(image.rgb()[0] & 255, image.rgb()[3] & 255, image.rgb()[9] & 255))
        .containsExactly(0, 255, 255);
    assertThat(image.rgb()[6] & 255).isEqualTo(127);
  }

  @Test
  void sliceOutsideTheVolumeIsNamed() {
    VrsSample sample =
        new VrsSample(
            "s-1",
            "v-1",
            "Where?",
            "liver",
            List.of(1),
            new BoxRule.Single(),
            List.of(0, 3),
            0,
            List.of());
    assertThatThrownBy(() -> prompts.build(sample, new TinyVolumes().open("v-1")))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("s-1 shows slice 3")
        .hasMessageContaining("slices 0 to 2");
  }

  @Test
  void demonstrationPointsAtTheKeySliceWithEncodedEdges() {
    // edges 2, 1, 6, 3 of 8 columns and 4 rows
    assertThat(EXACT.of(TinyVolumes.samples(1).get(0), new TinyVolumes().open("v-1")))
        .isEqualTo(
            "<think>The a is large on slice 1.</think><answer>[{\"slice\": 1, \"bbox_2d_list\":"
                + " [[250, 250, 750, 750]]}]</answer>");
  }

  @Test
  void demonstrationsEarnTheFullReward() {
    LocalisationScorer scorer =
        new LocalisationScorer(
            new LocalisationRewards(RewardConfig.defaults(), new BoxPropagator()));
    for (VrsSample sample : List.of(TinyVolumes.samples(1).get(0), TinyVolumes.absent("none"))) {
      LocalisationScore score =
          scorer
              .score(
                  sample,
                  new TinyVolumes().open("v"),
                  List.of(EXACT.of(sample, new TinyVolumes().open("v"))))
              .get(0);
      assertThat(score.reward().total()).as(sample.id()).isEqualTo(1.0);
    }
  }
}
