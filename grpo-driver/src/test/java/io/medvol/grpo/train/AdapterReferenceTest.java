package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.VrsSample;
import io.medvol.model.Policies;
import io.medvol.model.PolicySource;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.LetterScorer;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.worker.PolicyStepWorker;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy with an adapter is compared with by a KL term. */
class AdapterReferenceTest {
  private static final LoraConfig CONFIG =
      new LoraConfig(2, 8, new TargetModules.Suffixes(List.of("q_proj", "up_proj")));
  private static final VrsSample SAMPLE = TinyVolumes.samples(1).get(0);

  @TempDir private static Path model;

  @BeforeAll
  static void write() throws IOException {
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
  }

  private static Task task() {
    return new LocalisationTask(
        new TinyVolumes(),
        new SlicePromptBuilder(WindowedSlices.softTissue()),
        new LetterScorer(LetterScorer.Rule.NOISE),
        new BoxPropagator());
  }

  private static PolicyModel load() {
    return new PolicySource(
            model.toString(), new PolicySource.Adapter(CONFIG), PolicyOptions.defaults())
        .load();
  }

  private static PolicyState fresh() {
    try (PolicyModel policy = Policies.loadAdapted(model, new FreshAdapter(CONFIG, 3), 1)) {
      return PolicyState.of(0, policy.parameters());
    }
  }

  private static PolicyState moved(PolicyState from, int by) {
    float[] values = from.parameters().copy();
    for (int i = 0; i < values.length; i++) {
      values[i] += (i % 11 - 5) * by / 100f;
    }
    return PolicyState.of(by, values);
  }

  private static Trajectory draw(PolicyState policy, PolicyState reference) {
    try (StepWorker worker = new PolicyStepWorker(load(), task(), 2)) {
      RolloutRequest request =
          new RolloutRequest(policy, reference, 7, 0, 2, new SamplingParams(1, 8));
      RolloutOutcome outcome = worker.rollout(request, List.of(SAMPLE)).get(0);
      return ((RolloutOutcome.Rolled) outcome).group().trajectories().get(1);
    }
  }

  private static TokenValues score(PolicyModel policy, Trajectory answer) {
    try (OpenSample open = task().open(SAMPLE)) {
      EncodedPrompt prompt = policy.encode(open.prompt());
      List<TokenIds> tokens = List.of(answer.completion().tokens());
      return policy.logProbs(prompt, tokens, 1).get(0);
    }
  }

  private static void assertClose(TokenValues found, TokenValues expected) {
    assertThat(found.length()).isEqualTo(expected.length());
    for (int t = 0; t < found.length(); t++) {
      assertThat(found.at(t)).isCloseTo(expected.at(t), within(1e-5));
    }
  }

  @Test
  void aFreshAdapterIsComparedWithTheModelWithoutIt() {
    PolicyState start = fresh();
    Trajectory answer = draw(moved(start, 2), start);
    try (PolicyModel base = Policies.load(model, TrainableParameters.LANGUAGE_MODEL)) {
      assertThat(start.parameters().length()).isLessThan(base.layout().size() / 10);
      assertClose(answer.reference().orElseThrow(), score(base, answer));
    }
    assertThat(answer.reference()).isNotEqualTo(Optional.of(answer.oldLogProbs()));
  }

  @Test
  void anAdapterOfSftIsComparedWithItselfAsItWasAtTheStart() {
    PolicyState sft = moved(fresh(), 3);
    Trajectory answer = draw(moved(sft, 2), sft);
    try (PolicyModel frozen = load()) {
      TokenValues withoutAdapter = score(frozen, answer);
      frozen.setParameters(sft.parameters().array());
      assertClose(answer.reference().orElseThrow(), score(frozen, answer));
      double distance = 0;
      for (int t = 0; t < answer.length(); t++) {
        distance += Math.abs(withoutAdapter.at(t) - answer.reference().orElseThrow().at(t));
      }
      assertThat(distance).isGreaterThan(1e-2);
    }
  }
}
