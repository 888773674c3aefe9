package io.medvol.spark.step;

import io.medvol.grpo.step.Partitions;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/**
 * Runs a phase as one Spark job with one task for each part. What a task gives depends on its part
 * alone and results are taken in the order of the parts, so that retries, speculation and the
 * number of executors change nothing.
 */
final class PhaseRunner {
  private final JavaSparkContext spark;
  private final String key;
  private final StepWorkerFactory factory;
  private final int partitions;
  private final long mostCollectedBytes;
  private final Machines machines;
  private final Optional<ResourceProfile> gpus;
  private final PhaseClock clock = new PhaseClock();

  PhaseRunner(
      JavaSparkContext spark,
      String key,
      StepWorkerFactory factory,
      int partitions,
      long mostCollectedBytes,
      Machines machines) {
    this.machines = Objects.requireNonNull(machines, "machines");
    this.spark = Objects.requireNonNull(spark, "spark");
    this.key = Objects.requireNonNull(key, "key");
    this.factory = Objects.requireNonNull(factory, "factory");
    this.partitions = partitions;
    this.mostCollectedBytes = mostCollectedBytes;
    this.gpus = GpuTasks.profile(spark);
  }

  PhaseClock clock() {
    return clock;
  }

  /** What was given for each item, in order. */
  <I, O> List<O> each(String description, Phase<I, List<O>> phase, List<? extends I> items) {
    return run(description, phase, items).stream().flatMap(List::stream).toList();
  }

  /** What each part gave, in the order of the parts. */
  private <I, R> List<R> run(String description, Phase<I, R> phase, List<? extends I> items) {
    List<Part<I>> parts = parts(items);
    if (parts.isEmpty()) {
      return List.of();
    }
    List<PartResult<R>> results =
        timed(
            description,
            phase,
            tasks(phase, parts),
            all -> all.stream().map(PartResult::work).toList());
    return results.stream().map(PartResult::value).toList();
  }

  /**
   * The parts' gradients, added in the order of the parts: by the driver, or by tasks where they
   * are too much for it. Both give the same bytes.
   *
   * @param length values of the gradient
   */
  <I> GradientSum sum(
      String description, Phase<I, GradientShard> phase, List<? extends I> items, int length) {
    List<Part<I>> parts = parts(items);
    if ((long) Float.BYTES * length * parts.size() <= mostCollectedBytes) {
      return GradientSum.of(run(description, phase, items));
    }
    return ShuffledGradient.join(
        timed(
            description,
            phase,
            ShuffledGradient.slices(tasks(phase, parts)),
            slices -> slices.get(0).works()));
  }

  private <I> List<Part<I>> parts(List<? extends I> items) {
    List<List<I>> cut = Partitions.cut(items, partitions);
    List<Part<I>> parts = new ArrayList<>(cut.size());
    for (int p = 0; p < cut.size(); p++) {
      parts.add(new Part<>(p, cut.get(p)));
    }
    return parts;
  }

  private <I, R> JavaRDD<PartResult<R>> tasks(Phase<I, R> phase, List<Part<I>> parts) {
    JavaRDD<PartResult<R>> tasks =
        spark.parallelize(parts, parts.size()).map(new PhaseTask<>(key, factory, machines, phase));
    return gpus.map(tasks::withResources).orElse(tasks);
  }

  private <T> List<T> timed(
      String description,
      Phase<?, ?> phase,
      JavaRDD<T> tasks,
      Function<List<T>, List<TaskWork>> works) {
    String name = phase.getClass().getSimpleName();
    long start = System.nanoTime();
    spark.setJobGroup("medvol-" + name.toLowerCase(Locale.ROOT), description, true);
    try {
      List<T> results = collect(tasks);
      clock.add(name, (System.nanoTime() - start) / 1e9, works.apply(results));
      return results;
    } catch (SparkException e) {
      throw new PhaseFailure(description, e);
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Scala does not say that it throws. */
  private static <T> List<T> collect(JavaRDD<T> tasks) throws SparkException {
    return tasks.collect();
  }
}
