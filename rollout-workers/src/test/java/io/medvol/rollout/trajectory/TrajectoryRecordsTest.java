package io.medvol.rollout.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrajectoryRecordsTest {
  @Test
  void seedsAreAFunctionOfTheKeyAlone() {
    assertThat(new TrajectoryKey(1, 2, "s", 3).seed())
        .isEqualTo(RolloutSeed.of(1, 2, "s", 3))
        .isEqualTo(new TrajectoryKey(1, 2, "s", 3).seed());
  }

  @Test
  void nearbyKeysHaveDifferentSeedsWithAboutHalfTheirBitsApart() {
    Set<Long> seeds = new HashSet<>();
    int flipped = 0;
    int pairs = 0;
    for (int run = 0; run < 4; run++) {
      for (int step = 0; step < 20; step++) {
        for (int sample = 0; sample < 10; sample++) {
          for (int index = 0; index < 16; index++) {
            long seed = RolloutSeed.of(run, step, "volume-" + sample, index);
            seeds.add(seed);
            flipped +=
                Long.bitCount(seed ^ RolloutSeed.of(run, step, "volume-" + sample, index + 1));
            pairs++;
          }
        }
      }
    }
    assertThat(seeds).hasSize(4 * 20 * 10 * 16);
    assertThat(flipped / (double) pairs).isBetween(31.0, 33.0);
  }

  @Test
  void groupRefusesGapsAndStrangers() {
    TrajectoryGroup group = group();
    Trajectory second = group.trajectories().get(1);
    assertThatThrownBy(() -> new TrajectoryGroup(group.sample(), 1, "", List.of(second)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Place 0");
    assertThatThrownBy(() -> group.requireSize(5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("num-generations is 5");
  }

  @Test
  void shardsAddUpInTheOrderOfTheirPartitions() {
    // in float, (1e8 + 1) - 1e8 is 0 and (1e8 - 1e8) + 1 is 1: the order shows
    List<GradientShard> shards = List.of(shard(2, 1), shard(0, 1e8f), shard(1, -1e8f));
    assertThat(GradientSum.of(shards).gradient().at(0)).isEqualTo(1);
    assertThatThrownBy(() -> GradientSum.of(List.of(shard(0, 1), shard(2, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1, found 2");
  }

  private static GradientShard shard(int partition, float value) {
    return new GradientShard(partition, FloatVector.wrap(new float[] {value}), ObjectiveSums.ZERO);
  }

  @Test
  void digestIsOfTheBits() {
    // SHA-256 of the bytes 00 00 80 3f 00 00 00 c0
    assertThat(PolicyState.of(0, new float[] {1, -2}).digest())
        .isEqualTo(PolicyState.of(5, new float[] {1, -2}).digest())
        .isNotEqualTo(PolicyState.of(0, new float[] {1, 2}).digest())
        .hasSize(64);
  }

  @Test
  void everythingThatTravelsSurvivesJavaSerialization() throws Exception {
    TrajectoryGroup group = group();
    PolicyState policy = TinyWorkers.initialPolicy();
    assertThat(copy(group)).isEqualTo(group);
    assertThat(copy(new RolloutOutcome.Rolled(group)).sample()).isEqualTo(group.sample());
    WeightedGroup weighted = new WeightedGroup(group, Advantages.of(1, -1, 0));
    assertThat(copy(weighted)).isEqualTo(weighted);
    RolloutRequest rollout = new RolloutRequest(policy, policy, 1, 2, 3, new SamplingParams(1, 4));
    assertThat(copy(rollout)).isEqualTo(rollout);
    GradientRequest gradient =
        new GradientRequest(
            policy,
            1,
            ObjectiveConfig.defaults().objective(),
            GradientRequest.OldPolicy.CURRENT,
            new io.medvol.rollout.objective.LossDenominators(1, 2, 3));
    assertThat(copy(gradient)).isEqualTo(gradient);
    assertThat(copy(shard(1, 2))).isEqualTo(shard(1, 2));
  }

  private static TrajectoryGroup group() {
    try (StepWorker worker = TinyWorkers.learnable().open()) {
      PolicyState policy = TinyWorkers.initialPolicy();
      RolloutRequest request =
          new RolloutRequest(policy, policy, 1, 0, 3, new SamplingParams(1, 5));
      RolloutOutcome outcome = worker.rollout(request, TinyVolumes.samples(1)).get(0);
      return ((RolloutOutcome.Rolled) outcome).group();
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T copy(T value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
