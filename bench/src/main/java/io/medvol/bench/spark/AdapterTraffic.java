package io.medvol.bench.spark;

import io.medvol.data.example.ChoiceSample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import io.medvol.spark.step.Machines;
import io.medvol.spark.step.SparkStepWorkers;
import io.medvol.spark.step.StepTraffic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Seconds a step spends on sending an adapter to the executors and on adding up its gradients, with
 * workers that compute nothing. Prints the broadcast alone, the same by a file that executors read,
 * and with the broadcast each way of adding: collected by the driver, through the shuffle, and by
 * Spark's {@code treeAggregate}, which adds in no fixed order. Run it by {@code
 * bench/adapter-traffic}.
 */
public final class AdapterTraffic implements Callable<Integer> {
  @Option(names = "--megabytes", split = ",", description = "Sizes of adapters.")
  private List<Integer> megabytes = List.of(20, 100);

  @Option(names = "--partitions", split = ",", description = "Parts a step is cut into.")
  private List<Integer> partitions = List.of(2, 4, 8, 16);

  @Option(names = "--rounds", description = "Of each; the median counts.")
  private int rounds = 5;

  @Option(
      names = "--policies",
      description = "Folder through which policies travel as files; what is in it is removed.")
  private Path folder = Path.of("target", "policies");

  @Option(names = "--executors", description = "To wait for before the first round.")
  private int executors = 2;

  public static void main(String[] args) {
    System.exit(new CommandLine(new AdapterTraffic()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    SparkConfig config = new SparkConfig("local[2]", Map.of(), MachineRule.SAME);
    try (SparkScope scope = SparkSessions.open("adapter-traffic", config, Optional.empty())) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(scope.session().sparkContext());
      while (spark.sc().getExecutorMemoryStatus().size() <= executors) {
        Thread.sleep(100);
      }
      System.out.println(
          "    MB parts  broadcast     stored  collected   shuffled  treeAggregate  (seconds)");
      for (int size : megabytes) {
        for (int parts : partitions) {
          measure(spark, size, parts);
        }
      }
    }
    return 0;
  }

  private void measure(JavaSparkContext spark, int size, int parts) {
    List<ChoiceSample> samples =
        IntStream.range(0, parts).mapToObj(AdapterTraffic::sample).toList();
    try (SparkStepWorkers collected = workers(spark, parts, Long.MAX_VALUE, Long.MAX_VALUE);
        SparkStepWorkers shuffled = workers(spark, parts, 0, Long.MAX_VALUE);
        SparkStepWorkers stored = workers(spark, parts, Long.MAX_VALUE, 0)) {
      GradientSum one = collected.demonstrate(policy(size, 0), samples);
      if (!one.equals(shuffled.demonstrate(policy(size, 0), samples))) {
        throw new IllegalStateException("The two ways of adding differ");
      }
      System.out.printf(
          Locale.ROOT,
          "%6d %5d %10.2f %10.2f %10.2f %10.2f %14.2f%n",
          size,
          parts,
          median(size, policy -> collected.validate(policy, samples)),
          median(size, policy -> stored.validate(policy, samples)),
          median(size, policy -> collected.demonstrate(policy, samples)),
          median(size, policy -> shuffled.demonstrate(policy, samples)),
          median(size, policy -> treeAggregate(spark, policy, parts)));
    }
  }

  private SparkStepWorkers workers(
      JavaSparkContext spark, int parts, long mostCollected, long mostBroadcast) {
    StepTraffic.PolicyFolder policies =
        new StepTraffic.PolicyFolder(new LocalStorage(), folder.toAbsolutePath().toString());
    return new SparkStepWorkers(
        spark,
        "idle",
        IdleWorker::new,
        parts,
        new StepTraffic(mostCollected, mostBroadcast, Optional.of(policies)),
        Machines.any());
  }

  /** A new policy each time, as after an update: nothing of it is at the executors yet. */
  private double median(int size, Consumer<PolicyState> work) {
    double[] seconds = new double[rounds + 1];
    for (int round = 0; round <= rounds; round++) {
      PolicyState policy = policy(size, round);
      long start = System.nanoTime();
      work.accept(policy);
      seconds[round] = (System.nanoTime() - start) / 1e9;
    }
    // The first is a warm-up.
    double[] counted = Arrays.copyOfRange(seconds, 1, seconds.length);
    Arrays.sort(counted);
    return counted[counted.length / 2];
  }

  private static Object treeAggregate(JavaSparkContext spark, PolicyState policy, int parts) {
    Broadcast<PolicyState> sent = spark.broadcast(policy);
    try {
      List<Integer> indices = new ArrayList<>(IntStream.range(0, parts).boxed().toList());
      return spark
          .parallelize(indices, parts)
          .map(index -> sent.value().parameters().array())
          .treeAggregate(new float[0], AdapterTraffic::add, AdapterTraffic::add);
    } finally {
      sent.destroy();
    }
  }

  private static float[] add(float[] total, float[] part) {
    if (total.length == 0) {
      return part.clone();
    }
    if (part.length > 0) {
      for (int i = 0; i < total.length; i++) {
        total[i] += part[i];
      }
    }
    return total;
  }

  private static PolicyState policy(int megabytes, int seed) {
    Random random = new Random(seed);
    float[] values = new float[megabytes * 250_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return PolicyState.of(seed, values);
  }

  private static ChoiceSample sample(int index) {
    return new ChoiceSample(
        "sample-" + index, "picture", "Which?", List.of("this", "that"), 0, "CT", "none");
  }
}
