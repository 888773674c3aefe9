package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.RunFiles;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.rollout.fixture.LetterScorer.Rule;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step may look like besides one update on one draw. */
class StepShapeTest {
  @TempDir Path folder;

  @Test
  void stepIsCutIntoAsManyUpdatesAsConfigured() {
    GrpoConfig config = TinyRun.config(2, 1, "steps-per-generation=3", "num-iterations=2");
    TrainingState end = train(config, TinyWorkers.learnable(), folder, new ListedTrajectories());
    assertThat(end.policy().version()).isEqualTo(12);
    assertThat(end.counters().scheduled()).isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource({
    "num-iterations=2, SCORED",
    "steps-per-generation=2, SCORED",
    "overlap-rollouts=true, SCORED",
    "num-iterations=1, AS_DECODED"
  })
  void drawsAreScoredWhereALaterUpdateReadsThem(String setting, RolloutRequest.OldLogProbs wanted) {
    GrpoConfig config = TinyRun.config(1, 1, setting);
    List<RolloutRequest> requests = new ArrayList<>();
    TinyRun.train(config, () -> new Listening(requests, new ArrayList<>()), folder, listed());
    assertThat(requests).isNotEmpty();
    assertThat(requests).allSatisfy(request -> assertThat(request.oldLogProbs()).isEqualTo(wanted));
  }

  @Test
  void metricsAreOverTheTokensOfAllGroupsAlsoOfThoseWithoutSpread() {
    List<WeightedGroup> seen = new ArrayList<>();
    TinyRun.train(
        TinyRun.config(1, 1, "prompts-per-step=7"),
        () -> new Listening(new TinyWorkers(Rule.CONSTANT_FOR_A, 8), new ArrayList<>(), seen),
        folder,
        listed());
    assertThat(seen).hasSize(7);
    assertThat(seen.stream().filter(group -> group.advantages().allZero()).count())
        .isBetween(1L, 6L);
    try (StepWorker worker = TinyWorkers.learnable().open()) {
      double expected =
          worker
              .measure(
                  TinyWorkers.initialPolicy(), 1, seen.stream().map(WeightedGroup::group).toList())
              .stream()
              .flatMap(found -> found.entropies().stream())
              .flatMapToDouble(entropies -> DoubleStream.of(entropies.toArray()))
              .average()
              .orElseThrow();
      assertThat(RunFiles.metrics(folder).get(0).get("entropy").asDouble())
          .isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void groupsWithoutSpreadAreReplacedByOthers() {
    ListedTrajectories rows = new ListedTrajectories();
    GrpoConfig config = TinyRun.config(3, 2, "dynamic-sample=true");
    train(config, new TinyWorkers(Rule.CONSTANT_FOR_A, 8), folder, rows);
    int refills = 0;
    for (int step = 0; step < 3; step++) {
      Map<String, List<TrajectoryRecord>> groups =
          rows.step(step).stream().collect(Collectors.groupingBy(row -> row.sample().id()));
      Set<String> used =
          rows.step(step).stream()
              .filter(row -> row.state() instanceof TrajectoryState.Used)
              .map(row -> row.sample().id())
              .collect(Collectors.toSet());
      assertThat(used).hasSize(3);
      assertThat(groups.values()).allSatisfy(group -> assertThat(group).hasSize(8));
      groups.forEach(
          (id, group) ->
              assertThat(group.get(0).sample().target().startsWith("a"))
                  .isEqualTo(!used.contains(id)));
      refills += RunFiles.metrics(folder).get(step).path("dynamic_sampling/refills").asInt();
      assertThat(RunFiles.metrics(folder).get(step).get("frac_reward_zero_std").asDouble())
          .isZero();
    }
    assertThat(refills).isPositive();
  }

  @Test
  void refillsAreBoundedByTheDataSet() {
    ListedTrajectories rows = new ListedTrajectories();
    GrpoConfig config = TinyRun.config(1, 1, "dynamic-sample=true", "max-resample-times=50");
    train(config, new TinyWorkers(Rule.CONSTANT, 8), folder, rows);
    assertThat(rows.step(0).stream().map(row -> row.sample().id()).distinct()).hasSize(7);
    assertThat(rows.step(0)).hasSize(56);
    assertThat(RunFiles.metrics(folder).get(0).get("frac_reward_zero_std").asDouble()).isEqualTo(1);
  }

  @Test
  void longAnswersAreSoftlyPunished() {
    ListedTrajectories rows = new ListedTrajectories();
    GrpoConfig config = TinyRun.config(1, 1, "soft-punish-cache=4");
    train(config, TinyWorkers.learnable(), folder, rows);
    double expected =
        rows.step(0).stream()
            .mapToDouble(row -> Math.min(0, (4 - row.drawn().orElseThrow().length()) / 4.0))
            .average()
            .orElseThrow();
    JsonNode line = RunFiles.metrics(folder).get(0);
    double punished = line.get("rewards/soft_overlong_punishment/mean").asDouble();
    assertThat(punished).isNegative().isCloseTo(expected, within(1e-12));
    assertThat(line.get("reward").asDouble())
        .isCloseTo(line.get("rewards/match/mean").asDouble() + punished, within(1e-9));
  }

  @Test
  void divergenceCanLowerRewardsInstead() {
    GrpoConfig config =
        TinyRun.config(
            4, 1, "objective.beta=0.5", "objective.kl-in-reward=true", "objective.kl-estimator=k1");
    GrpoConfig without = TinyRun.config(4, 1);
    TrainingState with = train(config, TinyWorkers.learnable(), folder.resolve("with"));
    TrainingState plain = train(without, TinyWorkers.learnable(), folder.resolve("without"));
    assertThat(with.policy()).isNotEqualTo(plain.policy());
    // before anything has moved the divergence is none, and so is its part in the first gradient
    assertThat(RunFiles.metrics(folder.resolve("with")).get(0).get("loss"))
        .isEqualTo(RunFiles.metrics(folder.resolve("without")).get(0).get("loss"));
    assertThat(RunFiles.metrics(folder.resolve("with")).get(3).get("kl").asDouble()).isNotZero();
  }

  @Test
  void tokensOfHighEntropyAreSelectedWhateverTheCut() {
    float[] one = parameters(TinyRun.config(3, 1, "objective.top-entropy-quantile=0.4"), "1");
    float[] three = parameters(TinyRun.config(3, 3, "objective.top-entropy-quantile=0.4"), "3");
    float[] all = parameters(TinyRun.config(3, 1), "all");
    for (int i = 0; i < one.length; i++) {
      assertThat(three[i]).isCloseTo(one[i], within(2e-4f));
    }
    assertThat(one).isNotEqualTo(all);
  }

  private float[] parameters(GrpoConfig config, String name) {
    return train(config, TinyWorkers.learnable(), folder.resolve(name))
        .policy()
        .parameters()
        .array();
  }

  @Test
  void termsNormalisedOneByOneNeedTheirWeights() {
    GrpoConfig config = TinyRun.config(1, 1, "multi-objective-aggregation=normalize-then-sum");
    assertThatThrownBy(() -> train(config, TinyWorkers.learnable(), folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("no weights by term");
  }

  /** The rollout of a step is drawn by the policy the step before began with. */
  @ParameterizedTest
  @ValueSource(strings = {"token-truncate", "sequence-mask"})
  void overlappedRolloutsAreOneStepOldAndCorrected(String mode) {
    ListedTrajectories rows = new ListedTrajectories();
    GrpoConfig config =
        TinyRun.config(
            4,
            2,
            "overlap-rollouts=true",
            "num-iterations=2",
            "objective.importance-sampling-mode=" + mode);
    train(config, TinyWorkers.learnable(), folder, rows);
    for (int step = 0; step < 4; step++) {
      long expected = 2L * Math.max(0, step - 1);
      assertThat(rows.step(step))
          .allSatisfy(
              row -> assertThat(row.drawn().orElseThrow().policyVersion()).isEqualTo(expected));
    }
    List<JsonNode> metrics = RunFiles.metrics(folder);
    assertThat(metrics.get(0).has("sampling/importance_sampling_ratio/mean")).isFalse();
    assertThat(metrics.get(3).get("sampling/importance_sampling_ratio/mean").asDouble())
        .isBetween(0.2, 3.0);
    assertThat(metrics.get(3).get("sampling/stale_logp_difference/mean").asDouble()).isPositive();
    // the bigram policy computes a probability in one way only
    assertThat(metrics.get(3).get("sampling/sampling_logp_difference/max").asDouble()).isZero();
  }

  @Test
  void overlappedRunEndsWithTheSameBytesInterruptedOrNot() {
    GrpoConfig config = TinyRun.config(6, 2, "overlap-rollouts=true", "dynamic-sample=true");
    Path whole = folder.resolve("whole");
    Path cut = folder.resolve("cut");
    train(config, TinyWorkers.learnable(), whole);
    assertThatThrownBy(() -> TinyRun.train(config, () -> new Dying(7), cut, listed()))
        .hasMessage("the executor died");
    TinyRun.train(config, TinyWorkers.learnable(), cut, listed());
    assertThat(RunFiles.checkpoints(cut)).isEqualTo(RunFiles.checkpoints(whole));
    assertThat(RunFiles.untimed(cut)).isEqualTo(RunFiles.untimed(whole));
  }

  @Test
  void overlappedRunStillLearns() {
    GrpoConfig config = TinyRun.config(40, 2, "overlap-rollouts=true");
    train(config, TinyWorkers.learnable(), folder);
    List<JsonNode> metrics = RunFiles.metrics(folder);
    assertThat(metrics.get(39).get("reward").asDouble())
        .isGreaterThan(metrics.get(0).get("reward").asDouble() + 0.2);
  }

  @Test
  void failureOfAnOverlappedRolloutIsTheRunsFailure() {
    GrpoConfig config = TinyRun.config(4, 1, "overlap-rollouts=true");
    assertThatThrownBy(() -> TinyRun.train(config, () -> new DyingRollout(2), folder, listed()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the executor died");
  }

  /** Keeps what it is asked for. */
  private static final class Listening extends ForwardingWorker {
    private final List<RolloutRequest> rollouts;
    private final List<WeightedGroup> groups;

    Listening(List<RolloutRequest> rollouts, List<WeightedGroup> groups) {
      this(TinyWorkers.learnable(), rollouts, groups);
    }

    Listening(TinyWorkers workers, List<RolloutRequest> rollouts, List<WeightedGroup> groups) {
      super(workers);
      this.rollouts = rollouts;
      this.groups = groups;
    }

    @Override
    public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
      rollouts.add(request);
      return super.rollout(request, samples);
    }

    @Override
    public GradientShard gradient(
        GradientRequest request, int partition, List<WeightedGroup> weighted) {
      groups.addAll(weighted);
      return super.gradient(request, partition, weighted);
    }
  }

  private static ListedTrajectories listed() {
    return new ListedTrajectories();
  }

  private static TrainingState train(GrpoConfig config, TinyWorkers workers, Path run) {
    return train(config, workers, run, listed());
  }

  private static TrainingState train(
      GrpoConfig config, TinyWorkers workers, Path run, ListedTrajectories rows) {
    return TinyRun.train(config, workers, run, rows);
  }

  /** Dies at one of its gradients. */
  private static final class Dying extends ForwardingWorker {
    private int left;

    Dying(int gradients) {
      super(TinyWorkers.learnable());
      left = gradients;
    }

    @Override
    public GradientShard gradient(
        GradientRequest request, int partition, List<WeightedGroup> groups) {
      if (--left == 0) {
        throw new IllegalStateException("the executor died");
      }
      return super.gradient(request, partition, groups);
    }
  }

  /** Dies at the rollout of a step. */
  private static final class DyingRollout extends ForwardingWorker {
    private final int deadStep;

    DyingRollout(int deadStep) {
      super(TinyWorkers.learnable());
      this.deadStep = deadStep;
    }

    @Override
    public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
      if (request.step() == deadStep) {
        throw new IllegalStateException("the executor died");
      }
      return super.rollout(request, samples);
    }
  }
}
