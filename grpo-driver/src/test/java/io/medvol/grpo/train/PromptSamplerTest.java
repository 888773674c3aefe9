package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.grpo.checkpoint.SamplerCursor;
import io.medvol.rollout.fixture.TinyVolumes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptSamplerTest {
  @Test
  void epochHandsOutEverySampleOnceAndTheNextInAnotherOrder() {
    List<VrsSample> samples = TinyVolumes.samples(12);
    PromptSampler sampler = new PromptSampler(samples, 3, 1);
    List<Sample> first = draw(sampler, 4);
    List<Sample> both = draw(sampler, 8);
    assertThat(first).containsExactlyInAnyOrderElementsOf(samples);
    assertThat(both.subList(0, 12)).isEqualTo(first);
    assertThat(both.subList(12, 24)).containsExactlyInAnyOrderElementsOf(samples);
    assertThat(both.subList(12, 24)).isNotEqualTo(first);
  }

  @Test
  void restOfAnEpochIsLeftOutSoThatNoBatchHoldsASampleTwice() {
    PromptSampler sampler = new PromptSampler(TinyVolumes.samples(5), 3, 1);
    SamplerCursor cursor = SamplerCursor.START;
    for (int i = 0; i < 20; i++) {
      PromptSampler.Batch batch = sampler.batch(cursor);
      assertThat(new HashSet<>(batch.samples())).hasSize(3);
      cursor = batch.next();
    }
    assertThat(cursor).isEqualTo(new SamplerCursor(19, 3));
  }

  @Test
  void orderDependsOnTheIdsAndNotOnTheOrderGiven() {
    List<VrsSample> reversed = new ArrayList<>(TinyVolumes.samples(9));
    Collections.reverse(reversed);
    assertThat(draw(new PromptSampler(reversed, 3, 4), 3))
        .isEqualTo(draw(new PromptSampler(TinyVolumes.samples(9), 3, 4), 3))
        .isNotEqualTo(draw(new PromptSampler(TinyVolumes.samples(9), 3, 5), 3));
  }

  @Test
  void samplesOfOneScanComeTogetherAndEachOnce() {
    List<VrsSample> samples = new ArrayList<>();
    for (int scan = 0; scan < 4; scan++) {
      for (int i = 0; i < 5; i++) {
        samples.add(TinyVolumes.sample("s-" + scan + "-" + i, "v-" + scan, "liver"));
      }
    }
    PromptSampler sampler = new PromptSampler(samples, 20, 3, 7);
    List<Sample> drawn = draw(sampler, 1);
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(samples);
    // Five questions about a scan in parts of at most three: a three and a two.
    int changes = 0;
    for (int i = 1; i < drawn.size(); i++) {
      changes += drawn.get(i).sourceId().equals(drawn.get(i - 1).sourceId()) ? 0 : 1;
    }
    assertThat(changes).isBetween(3, 7);
    assertThat(draw(new PromptSampler(samples, 20, 3, 8), 1)).isNotEqualTo(drawn);
  }

  @Test
  void tooFewSamplesAndDoubleIdsAreRefused() {
    assertThatThrownBy(() -> new PromptSampler(TinyVolumes.samples(2), 3, 1))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("prompts-per-step is 3")
        .hasMessageContaining("only 2 samples");
    List<VrsSample> twice = new ArrayList<>(TinyVolumes.samples(2));
    twice.addAll(TinyVolumes.samples(2));
    assertThatThrownBy(() -> new PromptSampler(twice, 3, 1))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("sample-0");
  }

  private static List<Sample> draw(PromptSampler sampler, int batches) {
    List<Sample> drawn = new ArrayList<>();
    SamplerCursor cursor = SamplerCursor.START;
    for (int i = 0; i < batches; i++) {
      PromptSampler.Batch batch = sampler.batch(cursor);
      drawn.addAll(batch.samples());
      cursor = batch.next();
    }
    return drawn;
  }
}
