package io.medvol.reward.term;

import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the terms of the user, whose failures become statuses. A batch that fails is asked again one
 * completion at a time, so that only the completions at fault lose their reward. Thread-safe.
 */
public final class TermRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TermRunner.class);
  private static final long IDLE_SECONDS = 10;

  /** After so many timeouts in a batch the rest is given up: a term that always hangs. */
  private static final int MOST_TIMEOUTS = 2;

  private final Duration timeout;
  private final int retries;
  private final ExecutorService threads;

  /**
   * Grants a term that long for a batch, and again for each completion on its own.
   *
   * @param retries further attempts for a completion that failed on its own
   */
  public TermRunner(Duration timeout, int retries) {
    this.timeout = timeout;
    this.retries = retries;
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              // A term that ignores its interruption must not keep the process alive.
              Thread thread = new Thread(task, "reward-term");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** One value for each completion, in order. */
  public List<RewardValue> score(RewardTerm term, RewardBatch batch) {
    int count = batch.completions().size();
    if (count == 0) {
      return List.of();
    }
    Attempt whole = attempt(term, batch);
    if (whole.succeeded()) {
      return whole.values();
    }
    LOG.warn("{}", whole.values().get(0).detail());
    List<RewardValue> single = new ArrayList<>();
    int timeouts = 0;
    for (int i = 0; i < count; i++) {
      RewardValue value =
          timeouts < MOST_TIMEOUTS
              ? single(term, batch.only(i), whole, count)
              : whole.values().get(i);
      timeouts += value.status() == RewardStatus.TIMEOUT ? 1 : 0;
      single.add(value);
    }
    return single;
  }

  /** A batch of one was asked already; everything else is asked once and then again. */
  private RewardValue single(RewardTerm term, RewardBatch one, Attempt whole, int count) {
    Attempt attempt = count == 1 ? whole : attempt(term, one);
    for (int i = 0; i < retries && !attempt.succeeded(); i++) {
      attempt = attempt(term, one);
    }
    return attempt.values().get(0);
  }

  private record Attempt(boolean succeeded, List<RewardValue> values) {}

  private Attempt attempt(RewardTerm term, RewardBatch batch) {
    int count = batch.completions().size();
    Future<List<RewardValue>> result = threads.submit(() -> List.copyOf(term.score(batch)));
    try {
      List<RewardValue> values = result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (values.size() == count) {
        return new Attempt(true, values);
      }
      return failed(
          count, RewardStatus.ERROR, term, "gave " + values.size() + " values for " + count);
    } catch (TimeoutException e) {
      result.cancel(true);
      return failed(
          count, RewardStatus.TIMEOUT, term, "took more than " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      return failed(count, RewardStatus.ERROR, term, "threw " + e.getCause());
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      return failed(count, RewardStatus.ERROR, term, "was interrupted");
    }
  }

  private static Attempt failed(int count, RewardStatus status, RewardTerm term, String what) {
    String detail = "The reward term " + term.getClass().getName() + " " + what;
    RewardValue value = RewardValue.failed(status, detail);
    return new Attempt(false, Collections.nCopies(count, value));
  }
}
