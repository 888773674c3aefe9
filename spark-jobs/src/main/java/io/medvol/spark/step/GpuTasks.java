package io.medvol.spark.step;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * What a task of a phase asks of its executor: a GPU, where executors were given any. Preparation
 * asks for none and uses every core of the same executors, which keep their models meanwhile.
 */
final class GpuTasks {
  private static final String AMOUNT = "spark.executor.resource.gpu.amount";

  private GpuTasks() {}

  /** Empty where there are no GPUs, and where tasks run in the driver, for which Spark has none. */
  static Optional<ResourceProfile> profile(JavaSparkContext spark) {
    SparkConf conf = spark.sc().conf();
    if (spark.isLocal() || conf.getInt(AMOUNT, 0) < 1) {
      return Optional.empty();
    }
    TaskResourceRequests task =
        new TaskResourceRequests().cpus(conf.getInt("spark.task.cpus", 1)).resource("gpu", 1);
    return Optional.of(new ResourceProfileBuilder().require(task).build());
  }
}
