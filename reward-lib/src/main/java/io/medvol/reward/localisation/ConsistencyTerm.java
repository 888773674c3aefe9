package io.medvol.reward.localisation;

import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.EvidenceAnchor;
import io.medvol.reward.response.ParsedResponse;

/**
 * Cross-slice consistency: Dice of the propagated mask and the target over the slices around the
 * predicted one; 0 if both are empty there.
 */
final class ConsistencyTerm implements EvidenceTerm {
  private final int radius;

  ConsistencyTerm(int radius) {
    this.radius = radius;
  }

  @Override
  public String name() {
    return RewardConfig.CONSISTENCY;
  }

  @Override
  public int reach() {
    return radius;
  }

  @Override
  public RewardValue score(
      EvidenceAnchor anchor, Answer<ParsedResponse> answer, GroundTruth truth) {
    SliceWindow window = SliceWindow.around(anchor.slice(), radius, truth.size().slices());
    return MaskScore.dice(answer.propagation(), truth, window, 0);
  }
}
