package io.medvol.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.spark.SharedSpark;
import io.medvol.spark.serde.Samples;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTrajectorySinkTest {
  @TempDir private Path folder;
  private final SparkSession spark = SharedSpark.session();

  private ParquetTrajectorySink sink() {
    return new ParquetTrajectorySink(new LocalStorage(), folder.toString(), "run-1");
  }

  private Dataset<Row> table() {
    return spark.read().parquet(folder.resolve(ParquetTrajectorySink.FOLDER).toString());
  }

  @Test
  void everyTrajectoryIsARowThatSparkSqlReads() {
    sink()
        .write(
            7,
            List.of(
                Samples.record(new TrajectoryState.Used(), 0),
                Samples.record(new TrajectoryState.DiscardedZeroStd(), 1),
                Samples.failedRecord()));
    table().createOrReplaceTempView("trajectories");
    List<Row> rows =
        spark
            .sql(
                "select step, state, rewards['spatial'].status, size(token_ids),"
                    + " anchor_boxes[0].y2, seconds.reward, failure, old_log_probs[0],"
                    + " ref_log_probs[0] from trajectories order by step, state desc")
            .collectAsList();
    assertThat(rows.stream().map(Row::mkString))
        .containsExactly(
            "7USEDTIMEOUT320.00.4null-0.4-0.3",
            "7FAILEDnullnullnullnullunreadablenullnull",
            "7DISCARDED_ZERO_STDnull3null0.4null-0.4null");
  }

  @Test
  void columnsAreReadWithTheTypesTheyWereWrittenWith() {
    sink().write(0, List.of(Samples.failedRecord()));
    assertThat(table().drop("step").schema()).isEqualTo(TrajectorySchema.SCHEMA);
  }

  @Test
  void writingAStepAgainReplacesItAndDiscardingRemovesWhatFollows() {
    ParquetTrajectorySink sink = sink();
    for (int step : List.of(0, 2, 10)) {
      sink.write(step, List.of(Samples.record(new TrajectoryState.Used(), 0)));
    }
    sink.write(0, List.of(Samples.record(new TrajectoryState.Used(), 1)));
    sink.discardFrom(3);
    assertThat(
            table().select("step", "sample_index").orderBy("step").collectAsList().stream()
                .map(Row::mkString))
        .containsExactly("01", "20");
  }
}
