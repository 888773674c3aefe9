package io.medvol.reward.term;

import io.medvol.reward.RewardValue;
import java.util.List;

/** Pays for short answers: 1 for nothing, 0 from 400 characters on. */
public final class BrevityTerm implements RewardTerm {
  @Override
  public String name() {
    return "brevity";
  }

  @Override
  public List<RewardValue> score(RewardBatch batch) {
    return batch.completions().stream()
        .map(text -> RewardValue.ok(1 - Math.min(400, text.length()) / 400.0))
        .toList();
  }
}
