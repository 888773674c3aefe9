package io.medvol.reward.term;

import io.medvol.reward.RewardValue;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Does what the completion says: throws, hangs, gives NaN or too much, or pays a half. */
public final class TroubledTerm implements RewardTerm {
  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public String name() {
    return "troubled";
  }

  @Override
  public List<RewardValue> score(RewardBatch batch) {
    return batch.completions().stream().map(this::score).toList();
  }

  private RewardValue score(String completion) {
    return switch (completion) {
      case "throw" -> throw new IllegalStateException("no such model");
      case "nan" -> RewardValue.ok(Double.NaN);
      case "huge" -> RewardValue.ok(-1e308);
      case "shout" -> throw new IllegalStateException("a\nb".repeat(1_000_000));
      case "hang" -> {
        hang();
        yield RewardValue.ok(1);
      }
      default -> RewardValue.ok(0.5);
    };
  }

  private void hang() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
