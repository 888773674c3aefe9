package io.medvol.spark.table;

import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.RewardValue;
import io.medvol.reward.localisation.Evidence;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryTimings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the trajectory table; the step is the name of the folder. Whatever belongs to an
 * answer is null where none could be drawn.
 */
final class TrajectorySchema {
  private static final StructType REWARD =
      struct(
          field("value", DataTypes.DoubleType),
          field("status", DataTypes.StringType),
          field("detail", DataTypes.StringType),
          field("extras", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType)));
  private static final StructType BOX =
      struct(
          field("x1", DataTypes.DoubleType),
          field("y1", DataTypes.DoubleType),
          field("x2", DataTypes.DoubleType),
          field("y2", DataTypes.DoubleType));
  private static final StructType SECONDS =
      struct(
          field("prompt", DataTypes.DoubleType),
          field("sample", DataTypes.DoubleType),
          field("reference", DataTypes.DoubleType),
          field("reward", DataTypes.DoubleType));

  static final StructType SCHEMA =
      struct(
          field("run", DataTypes.StringType),
          field("sample_id", DataTypes.StringType),
          field("sample_index", DataTypes.IntegerType),
          field("seed", DataTypes.LongType),
          field("state", DataTypes.StringType),
          field("failure", DataTypes.StringType),
          field("volume_id", DataTypes.StringType),
          field("question", DataTypes.StringType),
          field("prompt_length", DataTypes.IntegerType),
          field("prompt_digest", DataTypes.StringType),
          field("policy_version", DataTypes.LongType),
          field("policy_digest", DataTypes.StringType),
          field("text", DataTypes.StringType),
          field("finish_reason", DataTypes.StringType),
          field("token_ids", DataTypes.createArrayType(DataTypes.IntegerType)),
          field("log_probs", DataTypes.createArrayType(DataTypes.DoubleType)),
          field("old_log_probs", DataTypes.createArrayType(DataTypes.DoubleType)),
          field("ref_log_probs", DataTypes.createArrayType(DataTypes.DoubleType)),
          field("rewards", DataTypes.createMapType(DataTypes.StringType, REWARD)),
          field("total", DataTypes.DoubleType),
          field("advantage", DataTypes.DoubleType),
          field("answer", DataTypes.StringType),
          field("anchor_slice", DataTypes.IntegerType),
          field("anchor_boxes", DataTypes.createArrayType(BOX)),
          field("mask_digest", DataTypes.StringType),
          field("seconds", SECONDS));

  private TrajectorySchema() {}

  static Row row(String run, TrajectoryRecord record) {
    Trajectory drawn = record.drawn().orElse(null);
    String failure = record.state() instanceof TrajectoryState.Failed f ? f.reason() : null;
    return RowFactory.create(
        run,
        record.key().sampleId(),
        record.key().index(),
        record.key().seed(),
        record.state().label(),
        failure,
        record.sample().sourceId(),
        record.sample().question(),
        record.promptTokens(),
        record.promptDigest(),
        drawn == null ? null : drawn.policyVersion(),
        drawn == null ? null : drawn.policyDigest(),
        drawn == null ? null : drawn.completion().text(),
        drawn == null ? null : drawn.completion().finishReason().name(),
        drawn == null
            ? null
            : Arrays.stream(drawn.completion().tokens().toArray()).boxed().toList(),
        drawn == null ? null : boxed(drawn.completion().logProbs()),
        drawn == null ? null : boxed(drawn.oldLogProbs()),
        drawn == null ? null : drawn.reference().map(TrajectorySchema::boxed).orElse(null),
        drawn == null ? null : rewards(drawn.reward().terms()),
        drawn == null ? null : drawn.reward().total(),
        record.advantage(),
        drawn == null ? null : drawn.answer().name(),
        drawn == null ? null : drawn.anchor().map(Evidence::slice).orElse(null),
        drawn == null ? null : drawn.anchor().map(TrajectorySchema::boxes).orElse(null),
        drawn == null ? null : drawn.maskDigest(),
        drawn == null ? null : seconds(drawn.timings()));
  }

  private static List<Double> boxed(TokenValues values) {
    return Arrays.stream(values.toArray()).boxed().toList();
  }

  /** In the order of the terms; their extras by name, since immutable maps have an order a JVM. */
  private static Map<String, Row> rewards(Map<String, RewardValue> terms) {
    Map<String, Row> rows = new LinkedHashMap<>();
    terms.forEach(
        (name, term) ->
            rows.put(
                name,
                RowFactory.create(
                    term.value(),
                    term.status().name(),
                    term.detail(),
                    new TreeMap<>(term.extras()))));
    return rows;
  }

  private static List<Row> boxes(Evidence anchor) {
    return anchor.boxes().stream().map(TrajectorySchema::box).toList();
  }

  private static Row box(EdgeBox box) {
    return RowFactory.create(box.x1(), box.y1(), box.x2(), box.y2());
  }

  private static Row seconds(TrajectoryTimings timings) {
    return RowFactory.create(
        timings.prompt(), timings.sample(), timings.reference(), timings.reward());
  }

  private static StructType struct(StructField... fields) {
    return new StructType(fields);
  }

  private static StructField field(String name, DataType type) {
    return new StructField(name, type, true, Metadata.empty());
  }

  static List<String> columns() {
    return List.of(SCHEMA.fieldNames());
  }
}
