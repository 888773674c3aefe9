package io.medvol.spark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.example.Sample;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.DemonstrationLoss;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.rollout.worker.StepWorkerSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExecutorWorkersTest {
  private final String key = UUID.randomUUID().toString();
  private final ExecutorWorkers.Kind kind = new ExecutorWorkers.Kind(key, "");
  private final List<CountedWorker> opened = new ArrayList<>();

  /** Knows only whether it was closed. */
  private static final class CountedWorker implements StepWorker {
    private int closed;

    @Override
    public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GradientShard gradient(
        GradientRequest request, int partition, List<WeightedGroup> groups) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GradientShard demonstrate(
        PolicyState policy, int partition, List<? extends Sample> samples) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<GroupMeasurement> measure(
        PolicyState policy, double temperature, List<TrajectoryGroup> groups) {
      return List.of();
    }

    @Override
    public List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples) {
      return List.of();
    }

    @Override
    public List<EvaluationOutcome> evaluate(
        EvaluationRequest request, List<? extends Sample> samples) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private StepWorker open() {
    CountedWorker worker = new CountedWorker();
    opened.add(worker);
    return worker;
  }

  @Test
  void aWorkerIsUsedAgainOnceItIsFree() {
    StepWorker first = ExecutorWorkers.with(kind, this::open, worker -> worker);
    StepWorker second = ExecutorWorkers.with(kind, this::open, worker -> worker);
    assertThat(second).isSameAs(first);
    assertThat(opened).hasSize(1);
    ExecutorWorkers.release(key);
    assertThat(opened.get(0).closed).isEqualTo(1);
  }

  @Test
  void workAtTheSameTimeHasWorkersOfItsOwn() {
    ExecutorWorkers.with(
        kind,
        this::open,
        outer ->
            ExecutorWorkers.with(
                kind,
                this::open,
                inner -> {
                  assertThat(inner).isNotSameAs(outer);
                  return inner;
                }));
    assertThat(opened).hasSize(2);
    ExecutorWorkers.release(key);
    assertThat(opened).allMatch(worker -> worker.closed == 1);
  }

  @Test
  void aWorkerWhoseWorkFailedIsClosedAndNotUsedAgain() {
    assertThatThrownBy(
            () ->
                ExecutorWorkers.with(
                    kind,
                    this::open,
                    worker -> {
                      throw new IllegalStateException("no result");
                    }))
        .hasMessage("no result");
    ExecutorWorkers.with(kind, this::open, worker -> worker);
    assertThat(opened).hasSize(2);
    assertThat(opened.get(0).closed).isEqualTo(1);
    ExecutorWorkers.release(key);
    assertThat(opened.get(0).closed).isEqualTo(1);
  }

  @Test
  void aWorkerReleasedWhileAtWorkIsClosedWhenItIsDone() {
    ExecutorWorkers.with(
        kind,
        this::open,
        worker -> {
          ExecutorWorkers.release(key);
          assertThat(opened.get(0).closed).isZero();
          return worker;
        });
    assertThat(opened.get(0).closed).isEqualTo(1);
  }

  /** Counts what its workers have in common. */
  private final class CommonFactory implements StepWorkerFactory {
    private static final long serialVersionUID = 1;
    private int sources;
    private int closed;

    @Override
    public StepWorker open() {
      throw new AssertionError("A worker without what others have");
    }

    @Override
    public StepWorkerSource source() {
      sources++;
      return new StepWorkerSource() {
        @Override
        public StepWorker open() {
          return ExecutorWorkersTest.this.open();
        }

        @Override
        public void close() {
          assertThat(opened).allMatch(worker -> worker.closed == 1);
          closed++;
        }
      };
    }
  }

  @Test
  void whatWorkersHaveInCommonIsThereOnceAndGoesWithTheLastOfThem() {
    CommonFactory factory = new CommonFactory();
    ExecutorWorkers.with(
        kind,
        factory,
        outer ->
            ExecutorWorkers.with(
                kind,
                factory,
                inner -> {
                  ExecutorWorkers.release(key);
                  assertThat(factory.closed).isZero();
                  return inner;
                }));
    assertThat(opened).hasSize(2);
    assertThat(factory.sources).isEqualTo(1);
    assertThat(factory.closed).isEqualTo(1);
  }

  @Test
  void whatCouldNotBeOpenedLeavesNothingLent() {
    CommonFactory factory = new CommonFactory();
    StepWorkerFactory broken =
        new StepWorkerFactory() {
          private static final long serialVersionUID = 1;

          @Override
          public StepWorker open() {
            throw new IllegalStateException("no model");
          }
        };
    assertThatThrownBy(() -> ExecutorWorkers.with(kind, broken, worker -> worker))
        .hasMessage("no model");
    ExecutorWorkers.release(key);
    ExecutorWorkers.with(kind, factory, worker -> worker);
    assertThat(opened).as("of a key that was released").hasSize(1);
    assertThat(opened.get(0).closed).isEqualTo(1);
    assertThat(factory.closed).isEqualTo(1);
  }

  @Test
  void aDeviceHasWorkersOfItsOwnThatStayBesideOthers() {
    ExecutorWorkers.Kind first = new ExecutorWorkers.Kind(key, "0");
    ExecutorWorkers.Kind second = new ExecutorWorkers.Kind(key, "1");
    StepWorker onFirst = ExecutorWorkers.with(first, this::open, worker -> worker);
    StepWorker onSecond = ExecutorWorkers.with(second, this::open, worker -> worker);
    assertThat(onSecond).isNotSameAs(onFirst);
    StepWorker again = ExecutorWorkers.with(first, this::open, worker -> worker);
    assertThat(again).isSameAs(onFirst);
    ExecutorWorkers.release(key);
    assertThat(opened).hasSize(2).allMatch(worker -> worker.closed == 1);
  }

  @Test
  void idleWorkersOfAnotherModelMakeRoom() {
    ExecutorWorkers.with(kind, this::open, worker -> worker);
    String otherKey = key + " of another model";
    ExecutorWorkers.with(
        new ExecutorWorkers.Kind(otherKey, ""),
        this::open,
        worker -> {
          assertThat(opened.get(0).closed).isEqualTo(1);
          return worker;
        });
    ExecutorWorkers.release(otherKey);
    ExecutorWorkers.release(key);
    assertThat(opened).hasSize(2).allMatch(worker -> worker.closed == 1);
  }
}
