package io.medvol.reward.localisation;

import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.EvidenceAnchor;
import io.medvol.reward.response.ParsedResponse;

/** Share of good boxes among those listed; 1 for an abstention, 0 for what cannot be parsed. */
final class FormatTerm implements LocalisationTerm<ParsedResponse> {
  @Override
  public String name() {
    return RewardConfig.FORMAT;
  }

  @Override
  public RewardValue score(Answer<ParsedResponse> answer, GroundTruth truth) {
    if (answer.response() instanceof ParsedResponse.Grounded grounded) {
      EvidenceAnchor anchor = grounded.anchor();
      return RewardValue.ok((double) anchor.goodBoxes().size() / anchor.boxes().size());
    }
    return RewardValue.ok(answer.response() instanceof ParsedResponse.Abstention ? 1 : 0);
  }
}
