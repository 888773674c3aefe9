package io.medvol.spark.step;

import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.step.StepWorkersContract;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.SharedSpark;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

class SparkStepWorkersTest extends StepWorkersContract {
  @Override
  protected StepWorkers open(StepWorkerFactory factory, int partitions) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    return new SparkStepWorkers(
        spark,
        UUID.randomUUID().toString(),
        factory,
        partitions,
        StepTraffic.inMemory(),
        Machines.of(spark, MachineRule.SAME));
  }
}
