package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.LengthPenalty;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardMode;
import io.medvol.reward.RewardStatus;
import io.medvol.reward.TestVolumes;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.Propagation;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.ListedBox;
import io.medvol.reward.response.PaperResponse;
import io.medvol.reward.response.PaperResponseParser;
import io.medvol.reward.response.ParsedResponse;
import io.medvol.reward.response.ResponseForm;
import io.medvol.reward.response.ResponseParser;
import io.medvol.reward.response.WrittenBox;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class LocalisationParityTest {
  private static final Offset<Double> TOLERANCE = within(1e-6);

  /** Everything the cases share. */
  private record Suite(
      Map<String, GoldenTruths.Entry> truths,
      Map<String, CtVolume> volumes,
      GoldenTensors masks,
      int radius,
      JsonNode weights) {}

  private record Scored(LocalisationScore score, ScriptedPropagator propagator) {}

  @TestFactory
  Stream<DynamicTest> rewardsAreTheReferencesInEveryModeWithEveryWeighting() {
    Path file = Golden.find("rewards/02_localisation.json").orElse(null);
    Path truthFile = Golden.find("rewards/01_ground_truth.json").orElse(null);
    Assumptions.assumeTrue(file != null && truthFile != null, "this golden set has no rewards");
    JsonNode root = Golden.json(file);
    Map<String, GoldenTruths.Entry> truths = GoldenTruths.read(truthFile);
    Map<String, CtVolume> volumes = new LinkedHashMap<>();
    truths.forEach((name, entry) -> volumes.put(name, TestVolumes.blank(entry.truth().size())));
    Suite suite =
        new Suite(
            truths,
            volumes,
            Golden.tensors(Path.of(file.toString().replace(".json", ".safetensors"))),
            root.get("radius").asInt(),
            root.get("weights"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : root.get("cases")) {
      tests.add(DynamicTest.dynamicTest(node.get("name").asText(), () -> check(suite, node)));
    }
    return tests.stream();
  }

  private static void check(Suite suite, JsonNode node) {
    strict(suite, node, ResponseForm.THINK_ANSWER, node.get("strict"));
    strict(suite, node, ResponseForm.ANSWER_ONLY, node.get("strict_answer_only"));
    paper(suite, node, RewardMode.PAPER_CTORG, "ctorg");
    paper(suite, node, RewardMode.PAPER_KITS23, "kits23");
    paperParse(suite, node);
    if (tagged(node, "trap")) {
      assertThat(score(suite, node, RewardMode.STRICT, "ctorg").score().reward().total())
          .isNotCloseTo(
              score(suite, node, RewardMode.PAPER_CTORG, "ctorg").score().reward().total(),
              TOLERANCE);
    }
  }

  private static void strict(Suite suite, JsonNode node, ResponseForm form, JsonNode expected) {
    for (String set : List.of("ctorg", "kits23")) {
      Scored scored = score(suite, node, config(suite, RewardMode.STRICT, form, set));
      LocalisationScore score = scored.score();
      score
          .reward()
          .terms()
          .forEach(
              (name, value) -> {
                assertThat(value.status()).as(name).isEqualTo(RewardStatus.OK);
                assertThat(value.value())
                    .as("%s %s", form, name)
                    .isCloseTo(expected.get(name).asDouble(), TOLERANCE);
              });
      assertThat(score.reward().total())
          .as("%s overall %s", form, set)
          .isCloseTo(expected.get("overall_" + set).asDouble(), TOLERANCE);
      assertThat(score.status().name()).isEqualToIgnoringCase(expected.get("status").asText());
      if (!suite.weights().get(set).has(RewardConfig.CONSISTENCY)) {
        assertThat(scored.propagator().calls).isEmpty();
      }
    }
    GroundTruth truth = suite.truths().get(node.get("truth").asText()).truth();
    ParsedResponse parsed =
        new ResponseParser(form)
            .parse(node.get("text").asText(), truth.shownSlices(), CoordinateScale.THOUSANDTHS);
    if (expected.get("slice").isNull()) {
      assertThat(parsed).isNotInstanceOf(ParsedResponse.Grounded.class);
      return;
    }
    ParsedResponse.Grounded grounded = (ParsedResponse.Grounded) parsed;
    assertThat(grounded.anchor().slice()).isEqualTo(expected.get("slice").asInt());
    JsonNode boxes = expected.get("boxes");
    assertThat(grounded.anchor().boxes()).hasSize(boxes.size());
    for (int i = 0; i < boxes.size(); i++) {
      ListedBox box = grounded.anchor().boxes().get(i);
      if (boxes.get(i).isNull()) {
        assertThat(box).isInstanceOf(ListedBox.Bad.class);
      } else {
        int[] v = GoldenTruths.ints(boxes.get(i));
        assertThat(box).isEqualTo(new ListedBox.Good(new WrittenBox(v[0], v[1], v[2], v[3])));
      }
    }
  }

  private static void paper(Suite suite, JsonNode node, RewardMode mode, String set) {
    JsonNode expected = node.get("paper").get(set);
    LocalisationScore score = score(suite, node, mode, set).score();
    assertThat(score.reward().terms()).isNotEmpty();
    score
        .reward()
        .terms()
        .forEach(
            (name, value) ->
                assertThat(value.value())
                    .as("%s %s", mode, name)
                    .isCloseTo(expected.get(name).asDouble(), TOLERANCE));
    assertThat(score.reward().total())
        .as("%s overall", mode)
        .isCloseTo(expected.get("overall").asDouble(), TOLERANCE);
  }

  private static void paperParse(Suite suite, JsonNode node) {
    JsonNode expected = node.get("paper");
    GridSize size = suite.truths().get(node.get("truth").asText()).truth().size();
    PaperResponse parsed =
        new PaperResponseParser(size.columns(), size.rows(), CoordinateScale.THOUSANDTHS)
            .parse(node.get("text").asText());
    JsonNode parts = expected.get("format_parts");
    for (int i = 0; i < parts.size(); i++) {
      assertThat(parsed.formatParts().get(i)).isCloseTo(parts.get(i).asDouble(), TOLERANCE);
    }
    JsonNode slice = expected.get("slice");
    assertThat(parsed.slice()).isEqualTo(slice.isNull() ? null : new BigInteger(slice.asText()));
    assertThat(parsed.boxes()).isEqualTo(GoldenTruths.boxes(expected.get("boxes_px")));
  }

  private static Scored score(Suite suite, JsonNode node, RewardMode mode, String set) {
    return score(suite, node, config(suite, mode, ResponseForm.THINK_ANSWER, set));
  }

  private static RewardConfig config(Suite suite, RewardMode mode, ResponseForm form, String set) {
    Map<String, Double> weights = new LinkedHashMap<>();
    suite
        .weights()
        .get(set)
        .fields()
        .forEachRemaining(weight -> weights.put(weight.getKey(), weight.getValue().asDouble()));
    return new RewardConfig(
        mode,
        form,
        weights,
        suite.radius(),
        RewardConfig.DEFAULT_MAX_PROPAGATED_BOXES,
        1,
        0,
        LengthPenalty.defaults());
  }

  private static Scored score(Suite suite, JsonNode node, RewardConfig config) {
    GroundTruth truth = suite.truths().get(node.get("truth").asText()).truth();
    ScriptedPropagator propagator =
        new ScriptedPropagator(prompt -> given(suite, node, prompt, truth.size()));
    CtVolume volume = suite.volumes().get(node.get("truth").asText());
    LocalisationScore score =
        new LocalisationRewards(config, propagator)
            .score(volume, truth, List.of(node.get("text").asText()))
            .get(0);
    return new Scored(score, propagator);
  }

  /** The mask of the case, whose slices must be the ones asked for. */
  private static Propagation given(
      Suite suite, JsonNode node, EvidencePrompt prompt, GridSize size) {
    int[] clip = GoldenTruths.ints(node.get("clip"));
    assertThat(List.of(prompt.firstSlice(), prompt.lastSlice())).containsExactly(clip[0], clip[1]);
    BinaryMask.Builder mask = BinaryMask.builder(size);
    String name = node.get("name").asText();
    if (suite.masks().has(name)) {
      for (int index : suite.masks().ints(name)) {
        mask.setIndex(clip[0] * size.pixelsPerSlice() + index);
      }
    }
    return new Propagation.Mask(mask.build());
  }

  private static boolean tagged(JsonNode node, String tag) {
    for (JsonNode value : node.get("tags")) {
      if (value.asText().equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
