package io.medvol.rollout.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.VrsSample;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.fixture.TinyVolumes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemonstrationTest {
  private static final Pattern ANSWER =
      Pattern.compile(".*\"slice\": (\\d+).*\\[\\[(\\d+), (\\d+), (\\d+), (\\d+)\\]\\].*");

  @Test
  void looseBoxesHoldTheTightOneWithinTheMargin() {
    Demonstration loose =
        new Demonstration(
            new DemonstrationConfig(DemonstrationConfig.SliceRule.KEY, 1),
            ResponseForm.THINK_ANSWER);
    Set<List<Integer>> seen = new HashSet<>();
    for (VrsSample sample : TinyVolumes.samples(40)) {
      String text = loose.of(sample, new TinyVolumes().open("v"));
      assertThat(loose.of(sample, new TinyVolumes().open("v"))).isEqualTo(text);
      List<Integer> numbers = numbers(text);
      assertThat(numbers.get(0)).isEqualTo(1);
      // The tight box is 250, 250, 750, 750; a pixel is 125 wide and 250 high.
      assertThat(numbers.get(1)).isIn(125, 250);
      assertThat(numbers.get(2)).isIn(0, 250);
      assertThat(numbers.get(3)).isIn(750, 875);
      assertThat(numbers.get(4)).isIn(750, 1000);
      seen.add(numbers);
    }
    assertThat(seen).hasSizeGreaterThan(8);
  }

  @Test
  void anySliceIsOneThatHoldsTheTarget() {
    Demonstration any =
        new Demonstration(
            new DemonstrationConfig(DemonstrationConfig.SliceRule.ANY, 0),
            ResponseForm.ANSWER_ONLY);
    Set<Integer> slices = new HashSet<>();
    for (VrsSample sample : TinyVolumes.samples(40)) {
      slices.add(numbers(any.of(sample, new TinyVolumes().open("v"))).get(0));
    }
    assertThat(slices).containsExactlyInAnyOrder(1, 2);
  }

  private static List<Integer> numbers(String text) {
    Matcher matcher = ANSWER.matcher(text);
    assertThat(matcher.matches()).as(text).isTrue();
    return List.of(
        Integer.valueOf(matcher.group(1)),
        Integer.valueOf(matcher.group(2)),
        Integer.valueOf(matcher.group(3)),
        Integer.valueOf(matcher.group(4)),
        Integer.valueOf(matcher.group(5)));
  }
}
