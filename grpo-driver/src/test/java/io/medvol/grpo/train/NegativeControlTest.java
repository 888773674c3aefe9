package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.rollout.fixture.LetterScorer.Rule;
import io.medvol.rollout.fixture.TinyWorkers;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not be learnt. */
class NegativeControlTest {
  @TempDir Path folder;

  @Test
  void rewardThatHasNothingToDoWithTheTaskTeachesNothing() {
    Path learnt = folder.resolve("noise");
    ListedTrajectories rows = new ListedTrajectories();
    TinyRun.train(TinyRun.config(40, 2), new TinyWorkers(Rule.NOISE, 8), learnt, rows);
    assertThat(match(rows, 35, 40)).isLessThan(match(rows, 0, 5) + 0.1);
  }

  @Test
  void shuffledRewardsTeachNothingOfWhatTheSameRewardsTeach() {
    ListedTrajectories learnt = new ListedTrajectories();
    TinyRun.train(TinyRun.config(40, 2), TinyWorkers.learnable(), folder.resolve("learnt"), learnt);
    assertThat(match(learnt, 35, 40)).isGreaterThan(match(learnt, 0, 5) + 0.2);
    ListedTrajectories shuffled = new ListedTrajectories();
    TinyRun.train(
        TinyRun.config(40, 2, "shuffle-rewards=true"),
        TinyWorkers.learnable(),
        folder.resolve("shuffled"),
        shuffled);
    assertThat(match(shuffled, 35, 40)).isLessThan(match(shuffled, 0, 5) + 0.1);
  }

  /** Share of wanted letters, whatever the reward was. */
  private static double match(ListedTrajectories rows, int from, int to) {
    return Stream.iterate(from, step -> step < to, step -> step + 1)
        .flatMap(step -> rows.step(step).stream())
        .mapToDouble(
            row -> {
              String text = row.drawn().orElseThrow().completion().text();
              char wanted = row.sample().target().charAt(0);
              return text.isEmpty()
                  ? 0
                  : text.chars().filter(c -> c == wanted).count() / (double) text.length();
            })
        .average()
        .orElseThrow();
  }
}
