package io.medvol.reward.term;

import io.medvol.reward.RewardValue;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Refuses batches, and every completion the first time it is asked about it alone. */
public final class FlakyTerm implements RewardTerm {
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "flaky";
  }

  @Override
  public List<RewardValue> score(RewardBatch batch) {
    if (batch.completions().size() > 1 || seen.add(batch.completions().get(0))) {
      throw new IllegalStateException("busy");
    }
    return List.of(RewardValue.ok(1));
  }
}
