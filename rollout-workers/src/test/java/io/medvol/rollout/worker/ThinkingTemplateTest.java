package io.medvol.rollout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.VrsSample;
import io.medvol.model.Policies;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.LetterScorer;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.prompt.Demonstration;
import io.medvol.rollout.prompt.DemonstrationConfig;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.reward.GroupScorer;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose chat template begins the answer with {@code <think>}. */
class ThinkingTemplateTest {
  private static final VrsSample SAMPLE = TinyVolumes.samples(1).get(0);

  @TempDir Path folder;
  private final List<String> scored = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    TinyQwen3Vl.write(TinyPolicyConfig.defaults(3), folder);
    String template = Files.readString(folder.resolve("chat_template.json"));
    String thinking = template.replace("assistant\\\\n' }}", "assistant\\\\n<think>\\\\n' }}");
    assertThat(thinking).isNotEqualTo(template);
    Files.writeString(folder.resolve("chat_template.json"), thinking);
  }

  private PolicyModel policy() {
    return Policies.load(folder, TrainableParameters.LANGUAGE_MODEL);
  }

  private LocalisationTask task(ResponseForm form) {
    GroupScorer scorer =
        new GroupScorer() {
          private final LetterScorer letters = new LetterScorer(LetterScorer.Rule.CONSTANT);

          @Override
          public List<LocalisationScore> score(
              VrsSample sample, OpenVolume volume, List<String> completions) {
            scored.addAll(completions);
            return letters.score(sample, volume, completions);
          }

          @Override
          public List<String> terms() {
            return letters.terms();
          }
        };
    return new LocalisationTask(
        new TinyVolumes(),
        new SlicePromptBuilder(WindowedSlices.softTissue(), form),
        scorer,
        new BoxPropagator(),
        new Demonstration(DemonstrationConfig.defaults(), form));
  }

  @Test
  void answersAreReadBehindWhatTheTemplateWroteAndKeptAsTheyWereDrawn() {
    PolicyModel policy = policy();
    PolicyState state = PolicyState.of(0, policy.parameters());
    try (StepWorker worker = new PolicyStepWorker(policy, task(ResponseForm.THINK_ANSWER), 4)) {
      RolloutRequest request = new RolloutRequest(state, null, 7, 0, 2, new SamplingParams(1, 6));
      RolloutOutcome.Rolled rolled =
          (RolloutOutcome.Rolled) worker.rollout(request, List.of(SAMPLE)).get(0);
      List<Trajectory> trajectories = rolled.group().trajectories();
      assertThat(scored)
          .isEqualTo(
              trajectories.stream().map(one -> "<think>\n" + one.completion().text()).toList());
      for (Trajectory one : trajectories) {
        assertThat(policy.decode(one.completion().tokens())).isEqualTo(one.completion().text());
        assertThat(one.completion().tokens().length())
            .isEqualTo(one.completion().logProbs().length());
      }
      scored.clear();
      EvaluationOutcome outcome =
          worker.evaluate(new EvaluationRequest(state, 6, 1, List.of()), List.of(SAMPLE)).get(0);
      assertThat(scored).hasSize(2).allMatch(text -> text.startsWith("<think>\n"));
      assertThat(scored.get(0)).isEqualTo("<think>\n" + outcome.completion().text());
    }
  }

  @Test
  void aDemonstrationGoesOnFromTheOpenThought() {
    for (ResponseForm form : ResponseForm.values()) {
      PolicyModel policy = policy();
      PolicyState state = PolicyState.of(0, policy.parameters());
      String whole =
          new Demonstration(DemonstrationConfig.defaults(), form)
              .of(SAMPLE, new TinyVolumes().open("v"));
      String taught =
          form == ResponseForm.THINK_ANSWER
              ? whole.substring("<think>".length())
              : "</think>\n\n" + whole;
      int expected = policy.tokenize(taught).length() + 1;
      assertThat(expected).isNotEqualTo(policy.tokenize(whole).length() + 1);
      try (StepWorker worker = new PolicyStepWorker(policy, task(form), 4)) {
        assertThat(worker.validate(state, List.of(SAMPLE)).get(0).tokens()).isEqualTo(expected);
        assertThat(worker.demonstrate(state, 0, List.of(SAMPLE)).sums().tokens())
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void theOpeningIsWhatFollowsTheLineOfTheTurn() throws IOException {
    try (PolicyModel policy = policy();
        LocalisationTask task = task(ResponseForm.THINK_ANSWER)) {
      EncodedPrompt prompt = policy.encode(task.open(SAMPLE).prompt());
      assertThat(policy.answerOpening(prompt)).isEqualTo("<think>\n");
    }
    Path plain = Files.createDirectory(folder.resolve("plain"));
    TinyQwen3Vl.write(TinyPolicyConfig.defaults(3), plain);
    try (PolicyModel policy = Policies.load(plain, TrainableParameters.LANGUAGE_MODEL);
        LocalisationTask task = task(ResponseForm.THINK_ANSWER)) {
      assertThat(policy.answerOpening(policy.encode(task.open(SAMPLE).prompt()))).isEmpty();
    }
  }
}
