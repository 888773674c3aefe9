package io.medvol.rollout.task;

import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.model.policy.ChatMessage;
import io.medvol.reward.localisation.AnswerMeasures;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import io.medvol.reward.localisation.GroundTruth;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.metric.VoxelSpacing;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.prompt.Demonstration;
import io.medvol.rollout.prompt.DemonstrationConfig;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.SliceSource;
import io.medvol.rollout.reward.GroupScorer;
import java.util.List;
import java.util.Objects;

/**
 * Volumetric reasoning segmentation (MedVol-R1, arXiv 2605.26621): slices and a question; evidence
 * that a segmenter carries through the volume.
 */
public final class LocalisationTask implements Task {
  private final SliceSource volumes;
  private final SlicePromptBuilder prompts;
  private final GroupScorer scorer;
  private final MaskPropagator propagator;
  private final Demonstration demonstrations;

  /** A task whose demonstrations are the ground truth's evidence. */
  public LocalisationTask(
      SliceSource volumes,
      SlicePromptBuilder prompts,
      GroupScorer scorer,
      MaskPropagator propagator) {
    this(
        volumes,
        prompts,
        scorer,
        propagator,
        new Demonstration(DemonstrationConfig.defaults(), ResponseForm.THINK_ANSWER));
  }

  /**
   * @param propagator draws the masks of evaluations; owned from now on; the scorer may use it too
   */
  public LocalisationTask(
      SliceSource volumes,
      SlicePromptBuilder prompts,
      GroupScorer scorer,
      MaskPropagator propagator,
      Demonstration demonstrations) {
    this.demonstrations = Objects.requireNonNull(demonstrations, "demonstrations");
    this.volumes = Objects.requireNonNull(volumes, "volumes");
    this.prompts = Objects.requireNonNull(prompts, "prompts");
    this.scorer = Objects.requireNonNull(scorer, "scorer");
    this.propagator = Objects.requireNonNull(propagator, "propagator");
  }

  @Override
  public OpenSample open(Sample sample) {
    if (sample instanceof VrsSample located) {
      return new Located(located, volumes.open(located.volumeId()));
    }
    throw new IllegalArgumentException(sample.id() + " asks for no place in a volume");
  }

  @Override
  public void close() {
    propagator.close();
  }

  private final class Located implements OpenSample {
    private final VrsSample sample;
    private final OpenVolume volume;

    private Located(VrsSample sample, OpenVolume volume) {
      this.sample = sample;
      this.volume = volume;
    }

    @Override
    public ResponseForm form() {
      return demonstrations.form();
    }

    @Override
    public List<ChatMessage> prompt() {
      return prompts.build(sample, volume);
    }

    @Override
    public String demonstration() {
      return demonstrations.of(sample, volume);
    }

    @Override
    public List<AnswerScore> score(List<String> completions) {
      return scorer.score(sample, volume, completions).stream().map(AnswerScore::of).toList();
    }

    @Override
    public Verdict evaluate(String completion) {
      LocalisationScore score = scorer.score(sample, volume, List.of(completion)).get(0);
      Propagation mask = mask(score);
      if (mask instanceof Propagation.Mask made) {
        GroundTruth truth = GroundTruth.of(sample, volume.mask(sample.labels()));
        return new Verdict(
            AnswerScore.of(score),
            dice(score.status(), made.mask(), truth.target()),
            AnswerMeasures.of(score, made.mask(), truth, volume.ct().geometry()),
            new Verdict.Masks(made.mask(), truth.target(), VoxelSpacing.of(volume.ct().geometry())),
            "");
      }
      String reason = ((Propagation.Failed) mask).reason();
      return new Verdict(AnswerScore.of(score), Double.NaN, reason);
    }

    private Propagation mask(LocalisationScore score) {
      Evidence anchor = score.evidence();
      if (score.status() != AnswerStatus.ANSWERED || anchor == null || anchor.boxes().isEmpty()) {
        return new Propagation.Mask(BinaryMask.empty(volume.size()));
      }
      EvidencePrompt evidence =
          new EvidencePrompt(anchor.slice(), anchor.boxes(), 0, volume.size().slices() - 1);
      return propagator.propagate(volume.ct(), List.of(evidence)).get(0);
    }

    @Override
    public void close() {
      volume.close();
    }
  }

  /** Two empty masks agree, unless the emptiness comes from an answer that could not be read. */
  private static double dice(AnswerStatus answer, BinaryMask found, BinaryMask expert) {
    return answer == AnswerStatus.UNPARSABLE ? 0 : Overlap.of(found, expert).dice();
  }
}
