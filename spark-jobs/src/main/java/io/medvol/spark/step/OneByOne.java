package io.medvol.spark.step;

import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.SampleFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs phases in which an item may end the executor it meets, as where native code crashes. Where
 * tasks have ended so as often as Spark repeats them, which of the items does it is found by trying
 * them one by one, while no other phase runs, so that the others have their results. Thread-safe.
 */
final class OneByOne {
  private static final Logger LOG = LoggerFactory.getLogger(OneByOne.class);

  private final ReadWriteLock running = new ReentrantReadWriteLock(true);
  private final PhaseRunner phases;

  OneByOne(PhaseRunner phases) {
    this.phases = phases;
  }

  /**
   * One result for each item.
   *
   * @param left what stands for an item that ends executors, by the reason
   */
  <I, O> List<O> each(
      String what,
      Phase<I, List<O>> phase,
      List<? extends I> items,
      BiFunction<I, String, O> left) {
    try {
      return locked(running.readLock(), () -> phases.each(what, phase, items));
    } catch (PhaseFailure e) {
      reason(what, e);
      return locked(
          running.writeLock(),
          () -> items.stream().map(item -> one(what, phase, item, left)).toList());
    }
  }

  private <I, O> O one(
      String what, Phase<I, List<O>> phase, I item, BiFunction<I, String, O> left) {
    try {
      return phases.each(what + ", one by one", phase, List.of(item)).get(0);
    } catch (PhaseFailure e) {
      return left.apply(item, reason(what, e));
    }
  }

  /**
   * The gradient of all items but those that end executors, which are among its failures.
   *
   * @param id of an item's sample
   * @param length values of the gradient
   */
  <I> GradientSum sum(
      String what,
      Phase<I, GradientShard> phase,
      List<? extends I> items,
      Function<I, String> id,
      int length) {
    try {
      return locked(running.readLock(), () -> phases.sum(what, phase, items, length));
    } catch (PhaseFailure e) {
      reason(what, e);
      return locked(running.writeLock(), () -> sumOfSound(what, phase, items, id, length));
    }
  }

  private <I> GradientSum sumOfSound(
      String what,
      Phase<I, GradientShard> phase,
      List<? extends I> items,
      Function<I, String> id,
      int length) {
    List<I> sound = new ArrayList<>();
    List<SampleFailure> failures = new ArrayList<>();
    for (I item : items) {
      try {
        phases.sum(what + ", one by one", phase, List.of(item), length);
        sound.add(item);
      } catch (PhaseFailure e) {
        failures.add(new SampleFailure(id.apply(item), reason(what, e)));
      }
    }
    GradientSum rest =
        sound.isEmpty() ? GradientSum.zero(length) : phases.sum(what, phase, sound, length);
    return rest.without(failures);
  }

  /** A lock for reading is shared by the phases of all threads, one for writing excludes them. */
  private static <T> T locked(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static String reason(String what, PhaseFailure failure) {
    if (!failure.tookExecutorsDown()) {
      throw failure;
    }
    LOG.warn("{}: executors ended", what, failure);
    return "The executor ended each time it worked on this sample.";
  }
}
