package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.model.Policies;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.testing.Golden;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What a seed gives is its own, whoever shares the batch; for each kind of the family. */
@Tag("numeric")
class BatchIndependenceTest {
  private static final SamplingParams PARAMS =
      new SamplingParams(0.9, 12).withTopP(0.95).withTopK(200).withRepetitionPenalty(1.1);
  private static final long[] SEEDS = {11, 12, 13, 14, 15};

  /** Batches of another size round differently. */
  private static final double ROUNDING = 1e-4;

  @TestFactory
  Stream<DynamicTest> aCompletionIsTheSameAloneAndInAGroup() {
    return Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl").stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      try (PolicyModel policy =
                          Policies.load(folder, TrainableParameters.LANGUAGE_MODEL)) {
                        check(policy);
                      }
                    }));
  }

  private static void check(PolicyModel policy) {
    EncodedPrompt prompt = policy.encode(QwenPolicyTest.question(2));
    List<Completion> group = policy.sample(prompt, PARAMS, SEEDS);
    for (int i = 0; i < SEEDS.length; i++) {
      Completion alone = policy.sample(prompt, PARAMS, new long[] {SEEDS[i]}).get(0);
      Completion shared = group.get(i);
      assertThat(shared.tokens()).isEqualTo(alone.tokens());
      assertThat(shared.text()).isEqualTo(alone.text());
      assertThat(shared.logProbs().toArray())
          .containsExactly(alone.logProbs().toArray(), within(ROUNDING));
    }
    assertThat(group.stream().map(Completion::tokens).distinct().count()).isGreaterThan(1);
  }
}
