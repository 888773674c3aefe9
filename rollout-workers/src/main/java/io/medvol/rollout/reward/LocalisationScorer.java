package io.medvol.rollout.reward;

import io.medvol.data.example.VrsSample;
import io.medvol.reward.localisation.GroundTruth;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.rollout.prompt.BoxScale;
import io.medvol.rollout.prompt.OpenVolume;
import java.util.List;
import java.util.Objects;

/** Scores answers by where they point in the volume. */
public final class LocalisationScorer implements GroupScorer {
  private final LocalisationRewards rewards;
  private final BoxScale scale;

  /** Of answers in thousandths. */
  public LocalisationScorer(LocalisationRewards rewards) {
    this(rewards, BoxScale.THOUSANDTHS);
  }

  /**
   * @param scale of the coordinates in answers
   */
  public LocalisationScorer(LocalisationRewards rewards, BoxScale scale) {
    this.scale = Objects.requireNonNull(scale, "scale");
    this.rewards = Objects.requireNonNull(rewards, "rewards");
  }

  @Override
  public List<LocalisationScore> score(
      VrsSample sample, OpenVolume volume, List<String> completions) {
    GroundTruth truth =
        GroundTruth.of(sample, volume.mask(sample.labels()), scale.of(volume.size()));
    return rewards.score(volume.ct(), truth, completions);
  }

  @Override
  public List<String> terms() {
    return rewards.terms();
  }
}
