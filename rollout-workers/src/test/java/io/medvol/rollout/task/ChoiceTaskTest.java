package io.medvol.rollout.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.example.ChoiceSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.model.policy.ChatMessage;
import io.medvol.reward.RewardValue;
import io.medvol.reward.choice.ChoiceConfig;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.response.ResponseForm;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.RewardTerm;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.prompt.OpenVolume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChoiceTaskTest {
  private static final ChoiceSample SAMPLE =
      new ChoiceSample(
          "v1/q", "v1", "Which side?", List.of("Left", "Right"), 1, "CT", "Anatomy Identification");

  @ParameterizedTest
  @EnumSource(ResponseForm.class)
  void demonstrationOfEachFormEarnsEverythingInItsOwnFormOnly(ResponseForm form) {
    String demonstration = open(form).demonstration();
    for (ResponseForm asked : ResponseForm.values()) {
      AnswerScore score = open(asked).score(List.of(demonstration)).get(0);
      assertThat(score.reward().total()).as("%s asked", asked).isEqualTo(asked == form ? 2 : 0);
      assertThat(score.status())
          .isEqualTo(asked == form ? AnswerStatus.ANSWERED : AnswerStatus.UNPARSABLE);
    }
  }

  @ParameterizedTest
  @EnumSource(ResponseForm.class)
  void promptShowsThePictureThenOptionsThenTheForm(ResponseForm form) {
    List<ChatMessage.Part> parts = open(form).prompt().get(0).parts();
    ChatMessage.Image image = (ChatMessage.Image) parts.get(0);
    assertThat(image.image().rgb()).containsExactly(1, 3, 5, 2, 4, 6);
    String text = ((ChatMessage.Text) parts.get(1)).text();
    assertThat(text).startsWith("Which side? A)Left, B)Right\n").doesNotContain("I see: Right");
    assertThat(text.contains("<think>")).isEqualTo(form != ResponseForm.ANSWER_ONLY);
    if (form == ResponseForm.ANSWER_THINK) {
      assertThat(text.indexOf("<answer>")).isLessThan(text.indexOf("<think>"));
    }
    ChoicePrompt.fixedTexts().forEach(fixed -> assertThat(fixed).matches("[ -~\n]+"));
  }

  @Test
  void wrongLetterKeepsItsFormatRewardAndWeightsCount() {
    ChoiceConfig config =
        new ChoiceConfig(
            ChoiceConfig.defaults().mode(),
            ResponseForm.ANSWER_ONLY,
            Map.of("accuracy", 3.0, "format", 0.5),
            1,
            0);
    OpenSample open = new ChoiceTask(id -> new Pixels(), config).open(SAMPLE);
    assertThat(
            open.score(List.of("<answer>A</answer>", "<answer>b.</answer>", "B")).stream()
                .map(score -> score.reward().total()))
        .containsExactly(0.5, 3.5, 0.0);
    assertThat(open.evaluate("<answer>B</answer>").dice()).isNaN();
  }

  @Test
  void termOfTheUserSeesTheQuestionAndCounts() {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("accuracy", 1.0);
    weights.put(OptionsTerm.class.getName(), 0.25);
    ChoiceConfig config =
        new ChoiceConfig(ChoiceConfig.defaults().mode(), ResponseForm.ANSWER_ONLY, weights, 10, 0);
    List<AnswerScore> scores =
        new ChoiceTask(id -> new Pixels(), config)
            .open(SAMPLE)
            .score(List.of("<answer>B</answer>", "nonsense"));
    assertThat(scores.stream().map(score -> score.reward().total())).containsExactly(1.5, 0.5);
    assertThat(scores.stream().map(AnswerScore::option)).containsExactly("B", "");
    assertThat(scores.get(0).reward().terms())
        .containsOnlyKeys("accuracy", "format", OptionsTerm.class.getName());
  }

  @Test
  void unknownTermIsNamed() {
    ChoiceConfig config =
        new ChoiceConfig(
            ChoiceConfig.defaults().mode(), ResponseForm.ANSWER_ONLY, Map.of("acuracy", 1.0), 1, 0);
    assertThatThrownBy(() -> new ChoiceTask(id -> new Pixels(), config))
        .hasMessageContaining("choice.weights")
        .hasMessageContaining("acuracy")
        .hasMessageContaining("format");
  }

  /** Pays the number of options of the question. */
  public static final class OptionsTerm implements RewardTerm {
    @Override
    public String name() {
      return "options";
    }

    @Override
    public List<RewardValue> score(RewardBatch batch) {
      double options = ((ChoiceSample) batch.sample().orElseThrow()).options().size();
      return batch.completions().stream().map(text -> RewardValue.ok(options)).toList();
    }
  }

  @Test
  void sampleOfAnotherTaskIsRefused() {
    assertThatThrownBy(
            () ->
                new ChoiceTask(id -> new Pixels(), ChoiceConfig.defaults())
                    .open(TinyVolumes.samples(1).get(0)))
        .hasMessageContaining("is no multiple-choice question");
  }

  private static OpenSample open(ResponseForm form) {
    return new ChoiceTask(id -> new Pixels(), ChoiceConfig.defaults().withResponseForm(form))
        .open(SAMPLE);
  }

  /** One row of two pixels in three channels: 1 2, 3 4, 5 6. */
  private static final class Pixels implements OpenVolume {
    @Override
    public GridSize size() {
      return new GridSize(3, 1, 2);
    }

    @Override
    public short[] slice(int index) {
      return new short[] {(short) (2 * index + 1), (short) (2 * index + 2)};
    }

    @Override
    public CtVolume ct() {
      throw new AssertionError("a picture is no scan");
    }

    @Override
    public BinaryMask mask(List<Integer> labels) {
      throw new AssertionError("a picture has no labels");
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
