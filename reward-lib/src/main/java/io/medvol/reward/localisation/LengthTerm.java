package io.medvol.reward.localisation;

import io.medvol.reward.LengthPenalty;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.RewardTerm;
import java.util.List;

/** The soft length penalty; the same in every mode, as it reads nothing but the length. */
final class LengthTerm implements RewardTerm {
  private final LengthPenalty penalty;

  LengthTerm(LengthPenalty penalty) {
    this.penalty = penalty;
  }

  @Override
  public String name() {
    return RewardConfig.LENGTH;
  }

  @Override
  public List<RewardValue> score(RewardBatch batch) {
    return batch.completions().stream().map(text -> RewardValue.ok(penalty.of(text))).toList();
  }
}
