package io.medvol.reward.choice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.response.PaperChoice;
import io.medvol.reward.response.ResponseForm;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class ChoiceParityTest {
  private static final Map<String, ResponseForm> FORMS =
      Map.of(
          "think", ResponseForm.THINK_ANSWER,
          "no_think", ResponseForm.ANSWER_ONLY,
          "think_after", ResponseForm.ANSWER_THINK);

  @TestFactory
  Stream<DynamicTest> choicesAreRewardedAsInTheReference() {
    Path file = Golden.find("rewards/03_vqa.json").orElse(null);
    Assumptions.assumeTrue(file != null, "this golden set has no rewards");
    JsonNode root = Golden.json(file);
    List<String> options = new ArrayList<>();
    root.get("options").forEach(option -> options.add(option.asText()));
    ChoiceQuestion question =
        new ChoiceQuestion(root.get("solution").asText(), options, Optional.empty());
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : root.get("cases")) {
      tests.add(DynamicTest.dynamicTest(node.get("name").asText(), () -> check(question, node)));
    }
    return tests.stream();
  }

  private static void check(ChoiceQuestion question, JsonNode node) {
    String text = node.get("text").asText();
    JsonNode paper = node.get("paper");
    JsonNode strict = node.get("strict");
    FORMS.forEach(
        (name, form) -> {
          RewardBreakdown onPaper =
              rewards(ChoiceMode.PAPER, form).score(question, List.of(text)).get(0);
          compare(onPaper, paper.get("accuracy"), paper.get("format_" + name), name);
          RewardBreakdown strictly =
              rewards(ChoiceMode.STRICT, form).score(question, List.of(text)).get(0);
          JsonNode expected = strict.get(name);
          compare(strictly, expected.get("accuracy"), expected.get("format"), name);
        });
    boolean evaluated =
        PaperChoice.evaluated(text).isPresent()
            && PaperChoice.evaluated(text).equals(PaperChoice.evaluated(question.solution()));
    assertThat(evaluated).isEqualTo(paper.get("evaluation_correct").asBoolean());
  }

  private static ChoiceRewards rewards(ChoiceMode mode, ResponseForm form) {
    ChoiceConfig defaults = ChoiceConfig.defaults();
    return new ChoiceRewards(
        new ChoiceConfig(
            mode, form, defaults.weights(), defaults.termTimeoutSeconds(), defaults.termRetries()));
  }

  private static void compare(
      RewardBreakdown reward, JsonNode accuracy, JsonNode format, String name) {
    assertThat(reward.terms().get(ChoiceRewards.ACCURACY).value())
        .as(name)
        .isEqualTo(accuracy.asDouble());
    assertThat(reward.terms().get(ChoiceRewards.FORMAT).value())
        .as(name)
        .isEqualTo(format.asDouble());
    assertThat(reward.total()).isEqualTo(accuracy.asDouble() + format.asDouble());
  }
}
