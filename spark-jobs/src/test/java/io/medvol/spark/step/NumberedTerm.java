package io.medvol.spark.step;

import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.RewardTerm;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Pays by the number that an answer is; throws, hangs and gives NaN for three of them. */
public final class NumberedTerm implements RewardTerm {
  static final int THROWS = 3;
  static final int HANGS = 7;
  static final int NAN = 11;

  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public String name() {
    return "numbered";
  }

  @Override
  public List<RewardValue> score(RewardBatch batch) {
    return batch.completions().stream().map(this::score).toList();
  }

  private RewardValue score(String completion) {
    int number = Integer.parseInt(completion);
    return switch (number) {
      case THROWS -> throw new IllegalStateException("no such model");
      case NAN -> RewardValue.ok(Double.NaN);
      case HANGS -> {
        hang();
        yield RewardValue.ok(1);
      }
      default ->
          new RewardValue(number / 16.0, RewardStatus.OK, "", Map.of("number", (double) number));
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
