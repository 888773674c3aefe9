package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.qwen.GroupDecoder.TokenChooser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What is computed for a group, step by step; for each kind of the family. */
@Tag("numeric")
class GroupDecoderTest {
  /** Completion i ends after so many tokens; more steps than a cache has room for at first. */
  private static final int[] LENGTHS = {3, 40, 1, 7, 40, 12};

  private static final int MOST = 40;

  /** Batches of another size round differently. */
  private static final double ROUNDING = 2e-4;

  /** Gives every completion tokens of its own and remembers the logits it is shown. */
  private static final class Script implements TokenChooser {
    private final int[] completions;
    private final int[] lengths;
    private final List<Integer> rows = new ArrayList<>();
    private final List<List<float[]>> logits = new ArrayList<>();
    private int position;

    /**
     * @param completions whose tokens are given; they end where {@link #LENGTHS} says
     */
    Script(int... completions) {
      this(completions, IntStream.of(completions).map(one -> LENGTHS[one]).toArray());
    }

    /**
     * @param completions that decide which tokens are given
     * @param lengths of each of them
     */
    Script(int[] completions, int[] lengths) {
      this.completions = completions;
      this.lengths = lengths;
      IntStream.of(completions).forEach(one -> logits.add(new ArrayList<>()));
    }

    @Override
    public int[] choose(int at, float[] values) {
      int[] live = unfinished();
      int width = values.length / live.length;
      int[] next = new int[live.length];
      for (int i = 0; i < live.length; i++) {
        float[] row = new float[width];
        System.arraycopy(values, i * width, row, 0, width);
        logits.get(live[i]).add(row);
        next[i] = 3 + (7 * completions[live[i]] + 5 * at) % 90;
      }
      rows.add(live.length);
      position = at + 1;
      return next;
    }

    @Override
    public int[] unfinished() {
      return IntStream.range(0, lengths.length).filter(i -> lengths[i] > position).toArray();
    }
  }

  @TestFactory
  Stream<DynamicTest> completionsThatFinishAreDroppedAndTheOthersGoOn() {
    return GoldenModel.folders().stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      try (GoldenModel model = GoldenModel.open(folder)) {
                        check(model);
                      }
                    }));
  }

  /** Others that say something else and end at another time move no bit of a completion. */
  @TestFactory
  Stream<DynamicTest> aCompletionIsComputedAsIfTheOthersWereNotThere() {
    return GoldenModel.folders().stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      assumeTrue(RowKernels.areIndependent(), "Rows depend on their number here");
                      try (GoldenModel model = GoldenModel.open(folder)) {
                        assertIndependent(model);
                      }
                    }));
  }

  private static void assertIndependent(GoldenModel model) {
    for (int group : new int[] {3, 6}) {
      int[] same = IntStream.range(0, group).map(i -> i == 1 ? 1 : i + 10).toArray();
      int[] full = IntStream.range(0, group).map(i -> MOST).toArray();
      int[] ending = IntStream.range(0, group).map(i -> i == 1 ? MOST : 1 + 5 * i).toArray();
      Script first = new Script(IntStream.range(0, group).toArray(), full);
      Script second = new Script(same, ending);
      GroupDecoder decoder = new GroupDecoder(model.runtime(), model.network());
      decoder.decode(prompt(model), group, MOST, first);
      decoder.decode(prompt(model), group, MOST, second);
      assertThat(second.rows.get(MOST - 1)).as("the others ended").isEqualTo(1);
      for (int step = 0; step < MOST; step++) {
        assertThat(second.logits.get(1).get(step))
            .as("group of %d, step %d", group, step)
            .isEqualTo(first.logits.get(1).get(step));
      }
    }
  }

  private static Prompt prompt(GoldenModel model) {
    EncodedPrompt text = new EncodedPrompt(TokenIds.of(9, 10, 11, 12, 13), new float[0], List.of());
    return Prompt.of(model.config(), text);
  }

  private static void check(GoldenModel model) {
    Prompt prompt = prompt(model);
    GroupDecoder decoder = new GroupDecoder(model.runtime(), model.network());
    Script group = new Script(IntStream.range(0, LENGTHS.length).toArray());
    decoder.decode(prompt, LENGTHS.length, MOST, group);
    for (int step = 0; step < MOST; step++) {
      int at = step;
      assertThat(group.rows.get(step))
          .as("completions computed in step %d", step)
          .isEqualTo((int) IntStream.of(LENGTHS).filter(length -> length > at).count());
    }
    for (int i = 0; i < LENGTHS.length; i++) {
      Script alone = new Script(i);
      decoder.decode(prompt, 1, MOST, alone);
      assertThat(group.logits.get(i)).hasSize(LENGTHS[i]);
      for (int step = 0; step < LENGTHS[i]; step++) {
        float[] expected = alone.logits.get(0).get(step);
        float[] found = group.logits.get(i).get(step);
        for (int id = 0; id < expected.length; id++) {
          assertThat((double) found[id])
              .as("completion %d, step %d, token %d", i, step, id)
              .isCloseTo(expected[id], within(ROUNDING));
        }
      }
    }
  }
}
