package io.medvol.reward.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.LengthPenalty;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardMode;
import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import io.medvol.reward.TestVolumes;
import io.medvol.reward.localisation.GroundTruth;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.reward.propagation.RegionGrowPropagator;
import io.medvol.reward.response.ResponseForm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardTermTest {
  private static final GridSize SIZE = new GridSize(4, 8, 8);
  private static final String TROUBLED = TroubledTerm.class.getName();

  @Test
  void aProviderIsFoundByItsNameAndCountsWithItsWeight() {
    List<LocalisationScore> scores =
        score(Map.of("brevity", 2.0), List.of("x".repeat(100), "x".repeat(900)));
    assertThat(scores.get(0).reward().terms()).containsOnlyKeys("brevity");
    assertThat(scores.get(0).reward().total()).isCloseTo(1.5, within(1e-12));
    assertThat(scores.get(1).reward().total()).isZero();
  }

  @Test
  void termsKeepTheOrderOfTheConfiguration() {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("format", 0.5);
    weights.put("brevity", 0.25);
    weights.put("axial", 0.25);
    assertThat(score(weights, List.of("nonsense")).get(0).reward().terms().keySet())
        .containsExactly("format", "brevity", "axial");
  }

  @Test
  void whatThrowsHangsOrGivesNanLosesItsRewardAndTheOthersKeepTheirs() {
    List<String> completions = new ArrayList<>(Collections.nCopies(16, "fine"));
    completions.set(3, "throw");
    completions.set(7, "hang");
    completions.set(11, "nan");
    List<LocalisationScore> scores = score(Map.of(TROUBLED, 1.0), completions);
    for (int i = 0; i < 16; i++) {
      RewardValue value = scores.get(i).reward().terms().get(TROUBLED);
      switch (completions.get(i)) {
        case "throw" -> {
          assertThat(value.status()).isEqualTo(RewardStatus.ERROR);
          assertThat(value.detail()).contains("no such model");
        }
        case "hang" -> assertThat(value.status()).isEqualTo(RewardStatus.TIMEOUT);
        case "nan" -> assertThat(value.status()).isEqualTo(RewardStatus.ERROR);
        default -> assertThat(value).isEqualTo(RewardValue.ok(0.5));
      }
      assertThat(scores.get(i).reward().scorable()).isEqualTo(completions.get(i).equals("fine"));
    }
  }

  @Test
  void aValueTooLargeToBeComparedIsAFailureThatSaysSo() {
    List<LocalisationScore> scores = score(Map.of(TROUBLED, 1.0), List.of("fine", "huge"));
    RewardValue huge = scores.get(1).reward().terms().get(TROUBLED);
    assertThat(huge.status()).isEqualTo(RewardStatus.ERROR);
    assertThat(huge.detail()).contains("-1.0E308").contains("at most 1.0E100");
    assertThat(scores.get(1).reward().total()).isNaN();
    assertThat(scores.get(0).reward().total()).isEqualTo(0.5);
    assertThat(score(Map.of(TROUBLED, 1e150), List.of("fine")).get(0).reward().total()).isNaN();
  }

  @Test
  void theMessageOfATermIsShortAndOnOneLine() {
    String detail =
        score(Map.of(TROUBLED, 1.0), List.of("shout"))
            .get(0)
            .reward()
            .terms()
            .get(TROUBLED)
            .detail();
    assertThat(detail)
        .contains("IllegalStateException: a\\nba\\nb")
        .hasSize(500)
        .doesNotContain("\n");
  }

  @Test
  void aTermThatAlwaysHangsIsGivenUp() {
    long start = System.nanoTime();
    List<LocalisationScore> scores = score(Map.of(TROUBLED, 1.0), Collections.nCopies(64, "hang"));
    assertThat(scores)
        .allMatch(score -> score.reward().terms().get(TROUBLED).status() == RewardStatus.TIMEOUT);
    // A batch and two single ones, each tried twice, and not sixty-four.
    assertThat(System.nanoTime() - start).isLessThan(20 * 300_000_000L);
  }

  @Test
  void aTermThatFailsOnceIsTriedAgain() {
    List<LocalisationScore> scores =
        score(Map.of(FlakyTerm.class.getName(), 1.0), List.of("first", "second"));
    assertThat(scores).allMatch(score -> score.reward().total() == 1);
  }

  @Test
  void theLengthPenaltyIsSoft() {
    List<LocalisationScore> scores =
        score(
            Map.of("length", 0.5),
            List.of("x".repeat(100), "x".repeat(150), "x".repeat(300), "x".repeat(9000)));
    assertThat(scores.stream().map(score -> score.reward().total()))
        .containsExactly(0.0, -0.125, -0.5, -0.5);
  }

  @Test
  void anUnknownTermIsNamedTogetherWithTheKnownOnes() {
    assertThatThrownBy(() -> score(Map.of("brevty", 1.0), List.of("x")))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("brevty")
        .hasMessageContaining("brevity")
        .hasMessageContaining("consistency");
  }

  @Test
  void aClassThatIsNoTermIsRefused() {
    assertThatThrownBy(() -> score(Map.of("java.lang.String", 1.0), List.of("x")))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("java.lang.String")
        .hasMessageContaining("RewardTerm");
  }

  private static List<LocalisationScore> score(
      Map<String, Double> weights, List<String> completions) {
    RewardConfig config =
        new RewardConfig(
            RewardMode.STRICT,
            ResponseForm.THINK_ANSWER,
            weights,
            5,
            32,
            0.3,
            1,
            new LengthPenalty(100, 300));
    GroundTruth truth =
        new GroundTruth(
            BinaryMask.empty(SIZE), List.of(0, 1, 2, 3), new BoxRule.Single(), List.of());
    return new LocalisationRewards(config, new RegionGrowPropagator())
        .score(TestVolumes.blank(SIZE), truth, completions);
  }
}
