package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.SamplerCursor;
import io.medvol.rollout.trajectory.RolloutSeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Hands out the samples of a data set in a fresh seeded order each epoch; the order is a function
 * of seed, epoch and the samples' ids alone. A rest too small for a batch is left out of its epoch,
 * so that no batch holds a sample twice. Immutable: its state is a {@link SamplerCursor}.
 */
public final class PromptSampler {
  private final List<Sample> samples;
  private final int batchSize;
  private final long seed;

  /** A batch and where the next one begins. */
  public record Batch(List<Sample> samples, SamplerCursor next) {
    public Batch {
      samples = List.copyOf(samples);
    }
  }

  public PromptSampler(List<? extends Sample> samples, int batchSize, long seed) {
    this.samples = List.copyOf(samples.stream().sorted(Comparator.comparing(Sample::id)).toList());
    this.batchSize = batchSize;
    this.seed = seed;
    for (int i = 1; i < this.samples.size(); i++) {
      if (this.samples.get(i).id().equals(this.samples.get(i - 1).id())) {
        throw new MedVolException(
            ErrorCode.MALFORMED_DATA,
            "Two samples of the data set have the id "
                + this.samples.get(i).id()
                + "; ids must be unique.");
      }
    }
    if (samples.size() < batchSize) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "prompts-per-step is "
              + batchSize
              + ", but the data set has only "
              + samples.size()
              + " samples; lower prompts-per-step or prepare more samples.");
    }
  }

  public Batch batch(SamplerCursor cursor) {
    int epoch = cursor.epoch();
    int from = cursor.position();
    if (from + batchSize > samples.size()) {
      epoch++;
      from = 0;
    }
    List<Sample> drawn = order(epoch).subList(from, from + batchSize);
    return new Batch(drawn, new SamplerCursor(epoch, from + batchSize));
  }

  private List<Sample> order(int epoch) {
    List<Sample> order = new ArrayList<>(samples);
    order.sort(
        Comparator.comparingLong((Sample sample) -> RolloutSeed.of(seed, epoch, sample.id(), 0))
            .thenComparing(Sample::id));
    return order;
  }
}
