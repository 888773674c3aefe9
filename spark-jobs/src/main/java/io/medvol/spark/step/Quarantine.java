package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.ForeignText;
import io.medvol.data.error.MedVolException;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.worker.StepWorker;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on items one by one, so that one that makes the policy or the segmenter fail costs itself
 * alone: it is tried again by a new worker, and then left out with its reason.
 */
final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final Set<ErrorCode> NOBODYS =
      EnumSet.of(ErrorCode.RESOURCE, ErrorCode.INVALID_CONFIG, ErrorCode.DAMAGED_DATA);
  private static final int ATTEMPTS = 2;

  private Quarantine() {}

  /**
   * @param left what stands for an item that failed, by the reason
   */
  static <I, O> List<O> each(
      Lending workers,
      List<I> items,
      BiFunction<StepWorker, I, O> work,
      BiFunction<I, String, O> left) {
    List<O> results = new ArrayList<>(items.size());
    for (I item : items) {
      results.add(one(workers, item, work, left));
    }
    return results;
  }

  /**
   * The gradient of all items together. Where that fails, the items are tried one by one, and those
   * that fail alone are left out of it with their reasons.
   *
   * @param id of an item's sample
   */
  static <I> GradientShard sum(
      Lending workers,
      List<I> items,
      Function<I, String> id,
      BiFunction<StepWorker, List<I>, GradientShard> work) {
    try {
      return workers.with(worker -> work.apply(worker, items));
    } catch (RuntimeException e) {
      if (!isTheItems(e)) {
        throw e;
      }
      LOG.warn("{} items together failed, trying one by one", items.size(), e);
    }
    List<Optional<SampleFailure>> tried =
        each(
            workers,
            items,
            (worker, item) -> work.apply(worker, List.of(item)).failures().stream().findFirst(),
            (item, reason) -> Optional.of(new SampleFailure(id.apply(item), reason)));
    List<I> sound =
        IntStream.range(0, items.size())
            .filter(i -> tried.get(i).isEmpty())
            .mapToObj(items::get)
            .toList();
    return workers
        .with(worker -> work.apply(worker, sound))
        .without(tried.stream().flatMap(Optional::stream).toList());
  }

  private static <I, O> O one(
      Lending workers, I item, BiFunction<StepWorker, I, O> work, BiFunction<I, String, O> left) {
    for (int attempt = 1; ; attempt++) {
      try {
        return workers.with(worker -> work.apply(worker, item));
      } catch (RuntimeException e) {
        if (!isTheItems(e)) {
          throw e;
        }
        LOG.warn("Attempt {} of {} at an item failed", attempt, ATTEMPTS, e);
        if (attempt == ATTEMPTS) {
          return left.apply(item, reason(e));
        }
      }
    }
  }

  /**
   * Storage, memory, damage and settings fail for every item alike; a task that is killed has no
   * fault.
   */
  private static boolean isTheItems(RuntimeException failure) {
    if (TaskContext.get() != null && TaskContext.get().isInterrupted()) {
      return false;
    }
    if (failure instanceof MedVolException known) {
      return !NOBODYS.contains(known.code());
    }
    return !(failure instanceof UncheckedIOException || failure instanceof WorkerUnavailable);
  }

  private static String reason(RuntimeException failure) {
    return ForeignText.line(
        failure instanceof MedVolException
            ? failure.getMessage()
            : failure.getClass().getSimpleName() + ": " + failure.getMessage());
  }
}
