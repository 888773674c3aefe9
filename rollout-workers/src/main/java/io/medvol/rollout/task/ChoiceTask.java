package io.medvol.rollout.task;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.Sample;
import io.medvol.data.picture.Picture;
import io.medvol.data.volume.GridSize;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.RgbImage;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.choice.ChoiceConfig;
import io.medvol.reward.choice.ChoiceQuestion;
import io.medvol.reward.choice.ChoiceRewards;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SliceSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Multiple-choice questions about pictures (Med-R1, arXiv 2503.13939), in any of its three forms.
 */
public final class ChoiceTask implements Task {
  private final SliceSource pictures;
  private final ChoicePrompt prompts;
  private final ChoiceRewards rewards;

  /**
   * @param pictures opens a picture as the volume of its channels
   */
  public ChoiceTask(SliceSource pictures, ChoiceConfig config) {
    this.pictures = Objects.requireNonNull(pictures, "pictures");
    this.prompts = new ChoicePrompt(config.responseForm());
    this.rewards = new ChoiceRewards(config);
  }

  @Override
  public OpenSample open(Sample sample) {
    if (sample instanceof ChoiceSample choice) {
      return new OpenChoice(choice);
    }
    throw new IllegalArgumentException(sample.id() + " is no multiple-choice question");
  }

  @Override
  public void close() {
    // owns nothing
  }

  /** The picture is read when the prompt is asked for: scoring does without. */
  private final class OpenChoice implements OpenSample {
    private final ChoiceSample sample;
    private final ChoiceQuestion key;

    private OpenChoice(ChoiceSample sample) {
      this.sample = sample;
      this.key = ChoiceQuestion.of(sample);
    }

    @Override
    public ResponseForm form() {
      return prompts.form();
    }

    @Override
    public List<ChatMessage> prompt() {
      return prompts.build(sample, picture());
    }

    @Override
    public String demonstration() {
      return prompts.demonstration(sample);
    }

    @Override
    public List<AnswerScore> score(List<String> completions) {
      List<RewardBreakdown> scored = rewards.score(key, completions);
      return IntStream.range(0, scored.size())
          .mapToObj(i -> score(completions.get(i), scored.get(i)))
          .toList();
    }

    @Override
    public Verdict evaluate(String completion) {
      return new Verdict(score(List.of(completion)).get(0), Double.NaN, "");
    }

    private AnswerScore score(String completion, RewardBreakdown reward) {
      Optional<String> option = rewards.choice(key, completion);
      AnswerStatus status = option.isPresent() ? AnswerStatus.ANSWERED : AnswerStatus.UNPARSABLE;
      return new AnswerScore(status, null, reward, "", option.orElse(""));
    }

    private RgbImage picture() {
      try (OpenVolume open = pictures.open(sample.imageId())) {
        GridSize size = open.size();
        short[][] channels = new short[size.slices()][];
        for (int channel = 0; channel < channels.length; channel++) {
          channels[channel] = open.slice(channel);
        }
        Picture picture = Picture.ofChannels(size.rows(), size.columns(), channels);
        return new RgbImage(picture.rows(), picture.columns(), picture.rgb());
      } catch (IllegalArgumentException e) {
        throw new MedVolException(
            ErrorCode.MALFORMED_DATA,
            "Shard " + sample.imageId() + " holds no picture: " + e.getMessage() + ".",
            e);
      }
    }

    @Override
    public void close() {
      // the picture was closed when it had been read
    }
  }
}
