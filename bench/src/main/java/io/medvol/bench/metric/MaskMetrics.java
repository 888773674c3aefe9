package io.medvol.bench.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.reward.metric.LesionDetection;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.metric.SurfaceDistances;
import io.medvol.reward.metric.VoxelSpacing;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Every metric of a 512 x 512 x 300 pair of masks, each from the masks themselves, once a
 * measurement: wall time, and beside it the processor time of the thread, which other work on the
 * machine disturbs less.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 4)
@Measurement(iterations = 5)
public class MaskMetrics {
  private static final VoxelSpacing SPACING = new VoxelSpacing(1.5, 0.8, 0.8);

  @Param MaskPair pair;

  private BinaryMask expert;
  private BinaryMask found;

  /** Processor time of the measuring thread. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Processor {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Milliseconds of the last call. */
    public double processorMillis;

    private double timed(DoubleSupplier metric) {
      long before = THREADS.getCurrentThreadCpuTime();
      double value = metric.getAsDouble();
      processorMillis = (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
      return value;
    }
  }

  @Setup(Level.Trial)
  public void make() {
    expert = pair.expert();
    found = pair.copy();
  }

  @Benchmark
  public double dice(Processor processor) {
    return processor.timed(() -> Overlap.of(found, expert).dice());
  }

  @Benchmark
  public double iou(Processor processor) {
    return processor.timed(() -> Overlap.of(found, expert).iou());
  }

  @Benchmark
  public double volumeError(Processor processor) {
    return processor.timed(
        () -> {
          Overlap overlap = Overlap.of(found, expert);
          return (overlap.first() - overlap.second()) * SPACING.millilitres();
        });
  }

  @Benchmark
  public double surfaceDice(Processor processor) {
    return processor.timed(() -> SurfaceDistances.between(found, expert, SPACING).surfaceDice(2));
  }

  @Benchmark
  public double hausdorff95(Processor processor) {
    return processor.timed(() -> SurfaceDistances.between(found, expert, SPACING).hausdorff95());
  }

  @Benchmark
  public double averageSymmetric(Processor processor) {
    return processor.timed(
        () -> SurfaceDistances.between(found, expert, SPACING).averageSymmetric());
  }

  @Benchmark
  public double lesionF1(Processor processor) {
    return processor.timed(
        () -> LesionDetection.of(found, expert, LesionDetection.SAME_LESION_IOU).f1());
  }
}
