package io.medvol.reward.localisation;

import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.EvidenceAnchor;
import io.medvol.reward.response.ParsedResponse;

/** Dice of the propagated mask and the target over the whole volume. */
final class Dice3dTerm implements EvidenceTerm {
  @Override
  public String name() {
    return RewardConfig.DICE_3D;
  }

  @Override
  public int reach() {
    return WHOLE_VOLUME;
  }

  @Override
  public RewardValue score(
      EvidenceAnchor anchor, Answer<ParsedResponse> answer, GroundTruth truth) {
    SliceWindow all = new SliceWindow(0, truth.size().slices() - 1);
    return MaskScore.dice(answer.propagation(), truth, all, 0);
  }
}
