package io.medvol.spark.step;

import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.step.StepWorkersContract;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.SharedSpark;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/** The contract with gradients that are added by tasks, however small they are. */
class ShuffledStepWorkersTest extends StepWorkersContract {
  @Override
  protected StepWorkers open(StepWorkerFactory factory, int partitions) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    return new SparkStepWorkers(
        spark,
        UUID.randomUUID().toString(),
        factory,
        partitions,
        new StepTraffic(0, Long.MAX_VALUE, Optional.empty()),
        Machines.any());
  }
}
