package io.medvol.reward.localisation;

import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.EvidenceAnchor;
import io.medvol.reward.response.ParsedResponse;

/** Area of the target on the predicted slice, over its largest on any slice of the volume. */
final class AxialTerm implements EvidenceTerm {
  @Override
  public String name() {
    return RewardConfig.AXIAL;
  }

  @Override
  public RewardValue score(
      EvidenceAnchor anchor, Answer<ParsedResponse> answer, GroundTruth truth) {
    return RewardValue.ok((double) truth.area(anchor.slice()) / truth.largestArea());
  }
}
