package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.grpo.checkpoint.SamplerCursor;
import io.medvol.grpo.step.Partitions;
import io.medvol.rollout.trajectory.RolloutSeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hands out the samples of a data set in a fresh seeded order each epoch; the order is a function
 * of seed, epoch and the samples' ids alone. A rest too small for a batch is left out of its epoch,
 * so that no batch holds a sample twice. Immutable: its state is a {@link SamplerCursor}.
 */
public final class PromptSampler {
  private final List<Sample> samples;
  private final int batchSize;
  private final int perSource;
  private final long seed;

  /** A batch and where the next one begins. */
  public record Batch(List<Sample> samples, SamplerCursor next) {
    public Batch {
      samples = List.copyOf(samples);
    }
  }

  /** Draws every sample on its own. */
  public PromptSampler(List<? extends Sample> samples, int batchSize, long seed) {
    this(samples, batchSize, 1, seed);
  }

  /**
   * @param perSource samples of one scan or picture that follow each other, at most; they are dealt
   *     out evenly
   */
  public PromptSampler(List<? extends Sample> samples, int batchSize, int perSource, long seed) {
    this.perSource = perSource;
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
    if (samples.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "There is no sample to train on; prepare more, or choose others with samples.*.");
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
    return batch(cursor, batchSize, Set.of());
  }

  /**
   * Further samples, such as those that replace others of a step.
   *
   * @param count of samples wanted; fewer come where the data set has no more
   * @param except ids of samples that must not come again
   */
  public Batch batch(SamplerCursor cursor, int count, Set<String> except) {
    Batch drawn = rest(cursor, count, except);
    return drawn.samples().size() == count
        ? drawn
        : rest(new SamplerCursor(cursor.epoch() + 1, 0), count, except);
  }

  private Batch rest(SamplerCursor cursor, int count, Set<String> except) {
    List<Sample> order = order(cursor.epoch());
    List<Sample> drawn = new ArrayList<>();
    int position = cursor.position();
    while (drawn.size() < count && position < order.size()) {
      Sample sample = order.get(position++);
      if (!except.contains(sample.id())) {
        drawn.add(sample);
      }
    }
    return new Batch(drawn, new SamplerCursor(cursor.epoch(), position));
  }

  private List<Sample> order(int epoch) {
    List<Sample> order = new ArrayList<>(samples);
    order.sort(
        Comparator.comparingLong((Sample sample) -> RolloutSeed.of(seed, epoch, sample.id(), 0))
            .thenComparing(Sample::id));
    return perSource == 1 ? order : together(order);
  }

  /** Neighbours of one source take the place of their first. */
  private List<Sample> together(List<Sample> order) {
    Map<String, List<Sample>> bySource =
        order.stream().collect(Collectors.groupingBy(Sample::sourceId));
    Map<Sample, List<Sample>> byFirst = new IdentityHashMap<>();
    for (List<Sample> own : bySource.values()) {
      int parts = (own.size() + perSource - 1) / perSource;
      Partitions.cut(own, parts).forEach(part -> byFirst.put(part.get(0), part));
    }
    return order.stream()
        .filter(byFirst::containsKey)
        .flatMap(first -> byFirst.get(first).stream())
        .toList();
  }
}
