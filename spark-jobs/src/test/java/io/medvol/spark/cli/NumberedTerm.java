package io.medvol.spark.cli;

import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.RewardTerm;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Pays by the place of an answer in its group; throws, hangs and gives NaN at three of them. */
public final class NumberedTerm implements RewardTerm {
  static final int THROWS = 3;
  static final int HANGS = 7;
  static final int NAN = 11;

  private final CountDownLatch never = new CountDownLatch(1);

  /** A batch that failed is asked again one by one, in order. */
  private final AtomicInteger alone = new AtomicInteger();

  @Override
  public String name() {
    return "numbered";
  }

  @Override
  public List<RewardValue> score(RewardBatch batch) {
    int count = batch.completions().size();
    if (count == 1) {
      return List.of(score(alone.getAndIncrement()));
    }
    alone.set(0);
    return IntStream.range(0, count).mapToObj(this::score).toList();
  }

  private RewardValue score(int number) {
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
