package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardMode;
import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import io.medvol.reward.TestVolumes;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.Propagation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalisationRewardsTest {
  private static final GridSize SIZE = new GridSize(20, 10, 10);
  private static final CtVolume VOLUME = TestVolumes.blank(SIZE);

  /** Two by two pixels on the slices 4 to 15. */
  private static final BinaryMask TARGET = column(4, 15);

  private static final GroundTruth TRUTH = truth(TARGET);

  @Test
  void equalEvidenceIsPropagatedOnceInOneCall() {
    ScriptedPropagator propagator = new ScriptedPropagator(prompt -> made(TARGET));
    List<LocalisationScore> scores =
        new LocalisationRewards(RewardConfig.defaults(), propagator)
            .score(
                VOLUME,
                TRUTH,
                List.of(
                    answer(8, "[[200, 200, 400, 400], [0, 0, 10, 10]]"),
                    "nonsense",
                    answer(8, "[[0, 0, 10, 10], [200, 200, 400, 400]]"),
                    answer(9, "[[200, 200, 400, 400]]")));
    assertThat(propagator.calls).hasSize(1);
    assertThat(propagator.calls.get(0)).hasSize(2);
    assertThat(scores).hasSize(4);
    assertThat(scores.get(0).maskDigest()).hasSize(64).isEqualTo(scores.get(2).maskDigest());
    assertThat(scores.get(1).maskDigest()).isEmpty();
  }

  @Test
  void consistencyAsksForItsWindowAndDice3dForTheWholeVolume() {
    ScriptedPropagator window = new ScriptedPropagator(prompt -> made(TARGET));
    new LocalisationRewards(RewardConfig.defaults(), window)
        .score(VOLUME, TRUTH, List.of(answer(8, "[[200, 200, 400, 400]]")));
    assertThat(window.calls.get(0).get(0))
        .extracting(EvidencePrompt::firstSlice, EvidencePrompt::lastSlice)
        .containsExactly(3, 13);

    ScriptedPropagator whole = new ScriptedPropagator(prompt -> made(column(6, 15)));
    LocalisationScore score =
        new LocalisationRewards(withDice3d(), whole)
            .score(VOLUME, TRUTH, List.of(answer(8, "[[200, 200, 400, 400]]")))
            .get(0);
    assertThat(whole.calls.get(0).get(0))
        .extracting(EvidencePrompt::firstSlice, EvidencePrompt::lastSlice)
        .containsExactly(0, 19);
    assertThat(value(score, "dice3d")).isCloseTo(2.0 * 10 / (10 + 12), within(1e-12));
    assertThat(value(score, "consistency")).isCloseTo(2.0 * 8 / (8 + 10), within(1e-12));
  }

  @Test
  void aPropagationThatFailsIsAnErrorAndNotAZero() {
    ScriptedPropagator propagator =
        new ScriptedPropagator(
            prompt -> prompt.slice() == 8 ? new Propagation.Failed("out of memory") : made(TARGET));
    List<LocalisationScore> scores =
        new LocalisationRewards(RewardConfig.defaults(), propagator)
            .score(
                VOLUME,
                TRUTH,
                List.of(answer(8, "[[200, 200, 400, 400]]"), answer(9, "[[200, 200, 400, 400]]")));
    RewardValue failed = scores.get(0).reward().terms().get("consistency");
    assertThat(failed.status()).isEqualTo(RewardStatus.ERROR);
    assertThat(failed.value()).isNaN();
    assertThat(failed.detail()).contains("out of memory");
    assertThat(scores.get(0).reward().scorable()).isFalse();
    assertThat(value(scores.get(0), "spatial")).isEqualTo(1);
    assertThat(scores.get(1).reward().total()).isEqualTo(1);
  }

  @Test
  void aPropagatorThatThrowsFailsItsMasksAlone() {
    ScriptedPropagator propagator =
        new ScriptedPropagator(
            prompt -> {
              throw new IllegalStateException("device lost");
            });
    List<LocalisationScore> scores =
        new LocalisationRewards(RewardConfig.defaults(), propagator)
            .score(VOLUME, TRUTH, List.of(answer(8, "[[200, 200, 400, 400]]"), "nonsense"));
    assertThat(scores.get(0).reward().terms().get("consistency").detail()).contains("device lost");
    assertThat(scores.get(0).reward().scorable()).isFalse();
    assertThat(scores.get(1).reward().total()).isZero();
  }

  @Test
  void aFailedTermOfWeightZeroDoesNotSpoilTheTotal() {
    Map<String, Double> weights = new LinkedHashMap<>(RewardConfig.kits23Weights());
    weights.put("consistency", 0.0);
    LocalisationScore score =
        new LocalisationRewards(
                RewardConfig.preset(RewardMode.STRICT, weights),
                new ScriptedPropagator(prompt -> new Propagation.Failed("busy")))
            .score(VOLUME, TRUTH, List.of(answer(8, "[[200, 200, 400, 400]]")))
            .get(0);
    assertThat(score.reward().total()).isCloseTo(1, within(1e-12));
    assertThat(score.reward().terms().get("consistency").status()).isEqualTo(RewardStatus.ERROR);
  }

  @Test
  void aMaskOfAnotherGridIsAnError() {
    ScriptedPropagator propagator =
        new ScriptedPropagator(prompt -> made(BinaryMask.empty(new GridSize(20, 10, 9))));
    LocalisationScore score =
        new LocalisationRewards(RewardConfig.defaults(), propagator)
            .score(VOLUME, TRUTH, List.of(answer(8, "[[200, 200, 400, 400]]")))
            .get(0);
    assertThat(score.reward().terms().get("consistency").status()).isEqualTo(RewardStatus.ERROR);
  }

  @Test
  void tooManyBoxesAreNotPropagated() {
    StringBuilder boxes = new StringBuilder("[[200, 200, 400, 400]");
    for (int i = 0; i < RewardConfig.DEFAULT_MAX_PROPAGATED_BOXES; i++) {
      boxes.append(", [").append(i).append(", 0, 900, 900]");
    }
    ScriptedPropagator propagator = new ScriptedPropagator(prompt -> made(TARGET));
    LocalisationScore score =
        new LocalisationRewards(RewardConfig.defaults(), propagator)
            .score(VOLUME, TRUTH, List.of(answer(8, boxes + "]")))
            .get(0);
    assertThat(propagator.calls).isEmpty();
    assertThat(value(score, "consistency")).isZero();
    assertThat(score.reward().scorable()).isTrue();
  }

  @Test
  void anAbsentTargetPaysAnAbstentionAndNothingElse() {
    ScriptedPropagator propagator = new ScriptedPropagator(prompt -> made(TARGET));
    List<LocalisationScore> scores =
        new LocalisationRewards(withDice3d(), propagator)
            .score(
                VOLUME,
                truth(BinaryMask.empty(SIZE)),
                List.of(
                    "<think>Not there.</think><answer>[]</answer>",
                    answer(8, "[[200, 200, 400, 400]]")));
    assertThat(scores.get(0).status()).isEqualTo(AnswerStatus.ABSTAINED);
    assertThat(scores.get(0).reward().total()).isEqualTo(1.25);
    assertThat(scores.get(1).reward().total()).isEqualTo(0.25);
    assertThat(propagator.calls).isEmpty();
  }

  @Test
  void aTermThatTheModeDoesNotHaveIsRefused() {
    assertThatThrownBy(
            () ->
                new LocalisationRewards(
                    RewardConfig.preset(RewardMode.STRICT, Map.of("formt", 1.0)),
                    new ScriptedPropagator(prompt -> made(TARGET))))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("formt")
        .hasMessageContaining("spatial");
  }

  @Test
  void scoresSurviveSerialization() throws IOException, ClassNotFoundException {
    List<LocalisationScore> scores =
        new LocalisationRewards(
                RewardConfig.defaults(), new ScriptedPropagator(prompt -> made(TARGET)))
            .score(
                VOLUME,
                TRUTH,
                List.of(
                    answer(8, "[[200, 200, 400, 400], [1, 2]]"),
                    "nonsense",
                    "<think>No.</think><answer>[]</answer>"));
    for (LocalisationScore score : scores) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(score);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(score);
      }
    }
  }

  private static RewardConfig withDice3d() {
    Map<String, Double> weights = new LinkedHashMap<>(RewardConfig.ctorgWeights());
    weights.put("dice3d", 0.25);
    return RewardConfig.preset(RewardMode.STRICT, weights);
  }

  private static double value(LocalisationScore score, String term) {
    return score.reward().terms().get(term).value();
  }

  private static Propagation made(BinaryMask mask) {
    return new Propagation.Mask(mask);
  }

  private static GroundTruth truth(BinaryMask target) {
    List<Integer> shown = java.util.stream.IntStream.range(0, 20).boxed().toList();
    return new GroundTruth(target, shown, new BoxRule.Single(), List.of());
  }

  private static BinaryMask column(int first, int last) {
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int z = first; z <= last; z++) {
      mask.set(z, 2, 2).set(z, 2, 3).set(z, 3, 2).set(z, 3, 3);
    }
    return mask.build();
  }

  private static String answer(int slice, String boxes) {
    return "<think>Here.</think><answer>[{\"slice\": "
        + slice
        + ", \"bbox_2d_list\": "
        + boxes
        + "}]</answer>";
  }
}
