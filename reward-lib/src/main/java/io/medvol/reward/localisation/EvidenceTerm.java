package io.medvol.reward.localisation;

import io.medvol.reward.RewardValue;
import io.medvol.reward.response.EvidenceAnchor;
import io.medvol.reward.response.ParsedResponse;

/**
 * A strict term about the evidence itself. The rule around it is the same for all: an abstention
 * earns everything if the target is absent and nothing if it is present; boxes for an absent target
 * earn nothing, and neither does a list without a good box.
 */
interface EvidenceTerm extends LocalisationTerm<ParsedResponse> {
  /**
   * @param anchor has a good box
   * @param truth the target is in the volume
   */
  RewardValue score(EvidenceAnchor anchor, Answer<ParsedResponse> answer, GroundTruth truth);

  @Override
  default RewardValue score(Answer<ParsedResponse> answer, GroundTruth truth) {
    if (answer.response() instanceof ParsedResponse.Grounded grounded) {
      boolean worthless = !truth.present() || grounded.anchor().goodBoxes().isEmpty();
      return worthless ? RewardValue.ok(0) : score(grounded.anchor(), answer, truth);
    }
    boolean right = answer.response() instanceof ParsedResponse.Abstention && !truth.present();
    return RewardValue.ok(right ? 1 : 0);
  }
}
