package io.medvol.bench.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.metric.SurfaceDistances;
import io.medvol.reward.metric.VoxelSpacing;
import java.util.concurrent.TimeUnit;
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

/** Every metric of a 512 x 512 x 300 pair of masks, each from the masks themselves. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MaskMetrics {
  private static final VoxelSpacing SPACING = new VoxelSpacing(1.5, 0.8, 0.8);

  @Param MaskPair pair;

  private BinaryMask expert;
  private BinaryMask found;

  @Setup(Level.Trial)
  public void make() {
    expert = pair.expert();
    found = pair.copy();
  }

  @Benchmark
  public double dice() {
    return Overlap.of(found, expert).dice();
  }

  @Benchmark
  public double iou() {
    return Overlap.of(found, expert).iou();
  }

  @Benchmark
  public double surfaceDice() {
    return SurfaceDistances.between(found, expert, SPACING).surfaceDice(2);
  }

  @Benchmark
  public double hausdorff95() {
    return SurfaceDistances.between(found, expert, SPACING).hausdorff95();
  }
}
