package io.medvol.spark.serde;

import io.medvol.data.dataset.CaseWarning;
import io.medvol.data.dataset.DatasetCase;
import io.medvol.data.dataset.PreparedPicture;
import io.medvol.data.dataset.PreparedVolume;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.ScanFindings;
import io.medvol.data.dataset.StructureQuery;
import io.medvol.data.example.BoxRule;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.omnimedvqa.PictureCase;
import io.medvol.data.omnimedvqa.QaRow;
import io.medvol.data.shard.ShardEntry;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.MaskRuns;
import io.medvol.data.volume.PixelBox;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import io.medvol.reward.metric.HierarchicalClass;
import io.medvol.reward.metric.VoxelSpacing;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.TrajectoryKey;
import io.medvol.rollout.trajectory.TrajectoryTimings;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.DemonstrationLoss;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StructureMasks;
import io.medvol.spark.step.GradientPlace;
import io.medvol.spark.step.GradientSlice;
import io.medvol.spark.step.Part;
import io.medvol.spark.step.PartResult;
import io.medvol.spark.step.TaskWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of the records that cross the wire, every optional part once present and once absent. */
public final class Samples {
  private Samples() {}

  public static VrsSample sample() {
    return new VrsSample(
        "case-1/liver/0",
        "case-1",
        "Where is the liver?",
        "liver",
        List.of(1, 2, 3),
        new BoxRule.Components(4, 3),
        List.of(0, 4, 8),
        4,
        List.of(new PixelBox(1, 2, 3, 4)));
  }

  public static VrsSample absentTarget() {
    return new VrsSample(
        "case-2/cyst/0",
        "case-2",
        "Is there a cyst?",
        "cyst",
        List.of(7),
        new BoxRule.Single(),
        List.of(0),
        null,
        List.of());
  }

  public static ChoiceSample choice() {
    return new ChoiceSample(
        "v02/grade", "v02", "Which grade?", List.of("1", "2"), 1, "CT", "Lesion Grading");
  }

  public static PolicyState policy() {
    return PolicyState.of(3, new float[] {0.5f, -1.25f, Float.MIN_VALUE});
  }

  private static Completion completion(FinishReason reason) {
    return new Completion(
        TokenIds.of(5, 6, 7), TokenValues.of(-0.1, -0.2, -1e-9), "<think>ä</think>", reason);
  }

  private static RewardBreakdown reward() {
    Map<String, RewardValue> terms = new LinkedHashMap<>();
    terms.put("format", RewardValue.ok(1));
    terms.put("spatial", RewardValue.failed(RewardStatus.TIMEOUT, "took 30 s"));
    terms.put("dice3d", RewardValue.failed(RewardStatus.ERROR, "no mask"));
    return new RewardBreakdown(terms, Double.NaN);
  }

  private static Evidence anchor() {
    return new Evidence(4, List.of(new EdgeBox(0, 0.5, 10, 20)));
  }

  public static Trajectory trajectory(int index) {
    return new Trajectory(
        new TrajectoryKey(42, 7, sample().id(), index),
        3,
        policy().digest(),
        completion(FinishReason.STOP),
        TokenValues.of(-0.4, -0.3, -0.2),
        index == 0 ? TokenValues.of(-0.3, -0.2, -0.1) : null,
        index == 0 ? reward() : new RewardBreakdown(Map.of("format", RewardValue.ok(0.5)), 0.5),
        index == 0 ? AnswerStatus.ANSWERED : AnswerStatus.UNPARSABLE,
        index == 0 ? anchor() : null,
        index == 0 ? "abc" : "",
        new TrajectoryTimings(0.1, 0.2, 0.3, 0.4));
  }

  public static TrajectoryGroup group() {
    return new TrajectoryGroup(sample(), 99, "digest", List.of(trajectory(0), trajectory(1)));
  }

  /** One of everything. */
  static List<Object> all() {
    WeightedGroup weighted = new WeightedGroup(group(), Advantages.of(0.7, -0.7));
    return List.of(
        new DatasetCase(
            "case",
            "images/case.nii",
            "labels/case.nii",
            List.of(
                new StructureQuery(
                    "liver", List.of(1), new BoxRule.Single(), List.of("Where is the liver?")))),
        new PreparedVolume(
            "case",
            new ShardEntry(
                "v01",
                "shards/v01.arrow",
                9,
                "0".repeat(64),
                new GridSize(1, 2, 3),
                true,
                "0".repeat(64)),
            List.of(sample()),
            new ScanFindings(
                5,
                0.8,
                0.9,
                List.of(1, 255),
                List.of("spleen"),
                List.of("cyst"),
                List.of(new CaseWarning(RejectedVolume.Kind.VALUES, "none is below 0")))),
        new PictureCase(
            "Images/a.png",
            "/in/Images/a.png",
            List.of(
                new QaRow(
                    "q-1",
                    "CT",
                    "Lesion Grading",
                    "Grade?",
                    List.of("1", "2"),
                    1,
                    "Images/a.png"))),
        new PreparedPicture(
            "Images/a.png",
            new ShardEntry(
                "v02",
                "shards/v02.arrow",
                9,
                "0".repeat(64),
                new GridSize(3, 2, 2),
                false,
                "0".repeat(64)),
            List.of(choice())),
        new RejectedVolume("case", RejectedVolume.Kind.TRUNCATED, "ends early"),
        new Part<>(1, List.of(sample())),
        new PartResult<>(List.of(sample()), new TaskWork("1", "cpu", "0", 0.5)),
        sample(),
        absentTarget(),
        choice(),
        policy(),
        new RolloutRequest(
            policy(),
            null,
            42,
            7,
            2,
            new SamplingParams(0.7, 64).withStopStrings(List.of("</answer>"))),
        new RolloutRequest(policy(), policy(), 42, 7, 2, new SamplingParams(0.7, 64)),
        new RolloutOutcome.Rolled(group()),
        new RolloutOutcome.Failed(sample(), "unreadable"),
        new GradientRequest(
            policy(),
            0.7,
            ObjectiveConfig.defaults().objective(),
            GradientRequest.OldPolicy.RECORDED,
            new LossDenominators(4, 12, 64)),
        new GroupMeasurement(List.of(TokenValues.of(-0.5)), List.of(TokenValues.of(1.5))),
        new DemonstrationLoss(12.5, 7),
        DemonstrationLoss.failed("unreadable"),
        weighted,
        weighted.withMeasured(List.of(TokenValues.of(-1), TokenValues.of(-2))),
        new GradientShard(1, FloatVector.wrap(new float[] {1, Float.NaN}), ObjectiveSums.ZERO)
            .without(List.of(new SampleFailure("sample-3", "unreadable"))),
        new GradientPlace(2, 1),
        new GradientSlice(
            new GradientSum(FloatVector.wrap(new float[] {2}), ObjectiveSums.ZERO, List.of()),
            List.of(new TaskWork("1", "cpu", "", 0.5))),
        new EvaluationRequest(policy(), 64),
        new EvaluationRequest(policy(), 64, 2, List.of("kidney", "tumor", "cyst")),
        new EvaluationOutcome(
            sample(),
            completion(FinishReason.LENGTH),
            reward(),
            AnswerStatus.ANSWERED,
            anchor(),
            0.5,
            Map.of("box_iou", 0.25),
            new StructureMasks(
                HierarchicalClass.Structure.CYST,
                MaskRuns.of(BinaryMask.builder(new GridSize(1, 2, 3)).setIndex(4).build()),
                MaskRuns.of(BinaryMask.empty(new GridSize(1, 2, 3))),
                new VoxelSpacing(3, 1, 1)),
            "",
            3,
            0.2),
        EvaluationOutcome.failed(absentTarget(), "unreadable"),
        record(new TrajectoryState.Used(), 0),
        record(new TrajectoryState.DiscardedZeroStd(), 1),
        failedRecord());
  }

  public static TrajectoryRecord record(TrajectoryState state, int index) {
    return new TrajectoryRecord(
        trajectory(index).key(), sample(), 99, "digest", trajectory(index), 0.7, state);
  }

  public static TrajectoryRecord failedRecord() {
    return new TrajectoryRecord(
        new TrajectoryKey(42, 7, absentTarget().id(), 0),
        absentTarget(),
        0,
        "",
        null,
        0,
        new TrajectoryState.Failed("unreadable"));
  }
}
