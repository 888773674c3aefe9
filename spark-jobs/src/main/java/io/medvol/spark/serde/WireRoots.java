package io.medvol.spark.serde;

import io.medvol.data.dataset.DatasetCase;
import io.medvol.data.dataset.PreparationResult;
import io.medvol.data.example.Sample;
import io.medvol.data.omnimedvqa.PictureCase;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.DemonstrationLoss;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.spark.step.GradientPlace;
import io.medvol.spark.step.GradientSlice;
import io.medvol.spark.step.Part;
import io.medvol.spark.step.PartResult;
import java.util.List;

/** What tasks take and give. */
final class WireRoots {
  static final List<Class<?>> TYPES =
      List.of(
          DatasetCase.class,
          PictureCase.class,
          PreparationResult.class,
          Part.class,
          PartResult.class,
          Sample.class,
          PolicyState.class,
          RolloutRequest.class,
          RolloutOutcome.class,
          GradientRequest.class,
          WeightedGroup.class,
          GradientShard.class,
          GradientPlace.class,
          GradientSlice.class,
          GroupMeasurement.class,
          DemonstrationLoss.class,
          EvaluationRequest.class,
          EvaluationOutcome.class,
          TrajectoryRecord.class);

  private WireRoots() {}
}
