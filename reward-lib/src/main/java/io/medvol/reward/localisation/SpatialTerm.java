package io.medvol.reward.localisation;

import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.metric.BoxIou;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.response.EvidenceAnchor;
import io.medvol.reward.response.ParsedResponse;
import java.util.List;

/**
 * Overlap of the good boxes with the ground-truth boxes of the predicted slice: the largest
 * one-to-one sum of IoU, over the larger of the numbers of listed and of ground-truth boxes.
 */
final class SpatialTerm implements EvidenceTerm {
  @Override
  public String name() {
    return RewardConfig.SPATIAL;
  }

  @Override
  public RewardValue score(
      EvidenceAnchor anchor, Answer<ParsedResponse> answer, GroundTruth truth) {
    List<EdgeBox> target =
        truth.boxes(anchor.slice()).stream().map(BoxCoordinates::toEdges).toList();
    return RewardValue.ok(
        BoxMatching.score(
            StrictRules.goodEdges(anchor.goodBoxes(), truth),
            target,
            BoxIou::of,
            Math.max(anchor.boxes().size(), target.size())));
  }
}
