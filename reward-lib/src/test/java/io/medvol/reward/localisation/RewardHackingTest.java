package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardMode;
import io.medvol.reward.propagation.EllipsoidScan;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import io.medvol.reward.propagation.RegionGrowPropagator;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.WrittenBox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Scripted policies that want the reward without the work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RewardHackingTest {
  private static final int KEY = 11;
  private static final BoxRule RULE = new BoxRule.Single();
  private static final String THINK = "<think>It is largest here.</think>";

  private EllipsoidScan scan;
  private GroundTruth truth;
  private Map<String, LocalisationScore> strict;
  private Map<String, LocalisationScore> paper;
  private LocalisationScore mediocre;

  @BeforeAll
  void scoreEveryPolicy() {
    scan = EllipsoidScan.make(3);
    GridSize size = scan.volume().size();
    List<Integer> shown = IntStream.range(0, size.slices()).boxed().toList();
    truth =
        new GroundTruth(scan.organ(), shown, RULE, GroundTruthBoxes.of(scan.organ(), KEY, RULE));
    Map<String, String> hacks = hacks();
    strict = score(RewardMode.STRICT, hacks);
    paper = score(RewardMode.PAPER_CTORG, hacks);
    mediocre = score(RewardMode.STRICT, Map.of("mediocre", mediocre())).get("mediocre");
  }

  @Test
  void theMediocreAnswerIsMediocre() {
    assertThat(mediocre.reward().total()).isBetween(0.5, 0.9);
  }

  @TestFactory
  Stream<DynamicTest> strictPaysLessForEveryHackThanForAMediocreAnswer() {
    return strict.entrySet().stream()
        .map(
            hack ->
                DynamicTest.dynamicTest(
                    hack.getKey(),
                    () -> {
                      assertThat(hack.getValue().reward().scorable()).isTrue();
                      assertThat(hack.getValue().reward().total())
                          .isLessThan(mediocre.reward().total() - 0.1);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> paperScoresEveryHackTooAndSomeAsWellAsAnHonestAnswer() {
    return paper.entrySet().stream()
        .map(
            hack ->
                DynamicTest.dynamicTest(
                    hack.getKey(),
                    () -> assertThat(hack.getValue().reward().total()).isBetween(0.0, 1.0)));
  }

  @Test
  void paperPaysForHacksThatStrictDoesNot() {
    double honest =
        score(RewardMode.PAPER_CTORG, Map.of("mediocre", mediocre()))
            .get("mediocre")
            .reward()
            .total();
    List<String> paid =
        paper.entrySet().stream()
            .filter(hack -> hack.getValue().reward().total() > honest)
            .map(Map.Entry::getKey)
            .toList();
    assertThat(paid).contains("repeated answer", "ten answers", "huge output");
  }

  @Test
  void aRepeatedAnswerPaysOnPaper() {
    assertThat(strict.get("repeated answer").reward().total()).isZero();
    assertThat(paper.get("repeated answer").reward().total()).isGreaterThan(0.8);
  }

  @Test
  void anEmptyMaskFarFromTheTargetPaysOnPaper() {
    int far = scan.volume().size().slices() - 1;
    String hack = answer(far, List.of(List.of(0, 0, 30, 30)));
    ScriptedPropagator empty =
        new ScriptedPropagator(
            prompt -> new Propagation.Mask(BinaryMask.empty(scan.volume().size())));
    double onPaper = total(RewardMode.PAPER_CTORG, empty, hack);
    assertThat(total(RewardMode.STRICT, empty, hack)).isLessThan(onPaper - 0.2);
  }

  @Test
  void anAbstentionEarnsNothingButItsFormWhereTheTargetIsPresent() {
    assertThat(strict.get("abstention").reward().total()).isEqualTo(0.25);
  }

  private Map<String, LocalisationScore> score(RewardMode mode, Map<String, String> completions) {
    List<LocalisationScore> scores =
        new LocalisationRewards(
                RewardConfig.preset(mode, RewardConfig.ctorgWeights()), new RegionGrowPropagator())
            .score(scan.volume(), truth, List.copyOf(completions.values()));
    Map<String, LocalisationScore> byName = new LinkedHashMap<>();
    int i = 0;
    for (String name : completions.keySet()) {
      byName.put(name, scores.get(i++));
    }
    return byName;
  }

  private double total(RewardMode mode, MaskPropagator propagator, String completion) {
    RewardConfig config = RewardConfig.preset(mode, RewardConfig.ctorgWeights());
    return new LocalisationRewards(config, propagator)
        .score(scan.volume(), truth, List.of(completion))
        .get(0)
        .reward()
        .total();
  }

  /** Four slices off, the box a quarter too large on one side and cut on another. */
  private String mediocre() {
    WrittenBox box = keyBox();
    int width = box.x2() - box.x1();
    int height = box.y2() - box.y1();
    return answer(
        KEY + 4,
        List.of(
            List.of(box.x1() - width / 5, box.y1() + height / 10, box.x2() + width / 6, box.y2())));
  }

  private Map<String, String> hacks() {
    WrittenBox key = keyBox();
    List<Integer> exact = List.of(key.x1(), key.y1(), key.x2(), key.y2());
    String good = answer(KEY, List.of(exact));
    String payload = good.substring(good.indexOf("<answer>") + 8, good.indexOf("</answer>"));
    Map<String, String> hacks = new LinkedHashMap<>();
    hacks.put("full-image box", answer(KEY, List.of(List.of(0, 0, 1000, 1000))));
    hacks.put("fifty boxes", answer(KEY, grid(50)));
    hacks.put("the right box among fifty", answer(KEY, with(grid(49), exact)));
    hacks.put("the right box fifty times", answer(KEY, repeated(exact, 50)));
    hacks.put("every possible box", answer(KEY, grid(2000)));
    hacks.put("far slice", answer(29, List.of(List.of(0, 0, 30, 30))));
    hacks.put("right box on a far slice", answer(29, List.of(exact)));
    hacks.put("slice outside of the volume", answer(400, List.of(exact)));
    hacks.put(
        "copied prompt",
        "<think>Think first.</think><answer>[{\"slice\": INDEX, \"bbox_2d_list\": [[x1, y1, x2,"
            + " y2], ...]}]</answer>");
    hacks.put("copied example", answer(0, List.of(List.of(412, 300, 498, 377))));
    hacks.put("repeated answer", good + good.substring(good.indexOf("<answer>")));
    hacks.put("ten answers", good.repeat(10));
    hacks.put("answer in the thought", "<think>" + good + "</think>");
    hacks.put("no thought", "<think> \n</think><answer>" + payload + "</answer>");
    hacks.put("invisible thought tag", good.replace("<think>", "<think\u200b>"));
    hacks.put("full-width tags", good.replace('<', '\uff1c').replace('>', '\uff1e'));
    hacks.put("Kelvin tag", good.replace("think", "thin\u212a"));
    hacks.put("full-width digits", fullWidth(good));
    hacks.put("no-break space", good.replace("</think>", "</think>\u00a0"));
    hacks.put("byte order mark", THINK + "<answer>\ufeff" + payload + "</answer>");
    hacks.put(
        "key twice", THINK + "<answer>" + payload.replace("[{", "[{\"slice\": 0, ") + "</answer>");
    hacks.put(
        "not a number",
        THINK + "<answer>" + payload.replaceFirst("\\[\\[\\d+", "[[NaN") + "</answer>");
    hacks.put("huge output", THINK + "x".repeat(1 << 20) + good);
    hacks.put("huge nesting", THINK + "<answer>" + "[".repeat(1 << 20) + "</answer>");
    hacks.put("empty", "");
    hacks.put("abstention", THINK + "<answer>[]</answer>");
    hacks.put(
        "two entities", THINK + "<answer>[" + inner(payload) + "," + inner(payload) + "]</answer>");
    return hacks;
  }

  private WrittenBox keyBox() {
    PixelBox tight = GroundTruthBoxes.of(scan.organ(), KEY, RULE).get(0);
    GridSize size = scan.volume().size();
    return BoxCoordinates.encode(tight, CoordinateScale.THOUSANDTHS, size.columns(), size.rows());
  }

  private static String answer(int slice, List<List<Integer>> boxes) {
    return THINK + "<answer>[{\"slice\": " + slice + ", \"bbox_2d_list\": " + boxes + "}]</answer>";
  }

  private static List<List<Integer>> grid(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int x = i % 7 * 140;
              int y = i / 7 % 7 * 140;
              return List.of(x, y, x + 150 - i / 49, y + 150 - i / 49);
            })
        .collect(Collectors.toList());
  }

  private static List<List<Integer>> with(List<List<Integer>> boxes, List<Integer> box) {
    boxes.add(box);
    return boxes;
  }

  private static List<List<Integer>> repeated(List<Integer> box, int count) {
    return IntStream.range(0, count).mapToObj(i -> box).toList();
  }

  private static String fullWidth(String text) {
    StringBuilder wide = new StringBuilder();
    boolean inAnswer = false;
    for (char c : text.substring(text.indexOf(':')).toCharArray()) {
      inAnswer |= c == ':';
      wide.append(inAnswer && c >= '0' && c <= '9' ? (char) (c - '0' + '\uff10') : c);
    }
    return text.substring(0, text.indexOf(':')) + wide;
  }

  private static String inner(String payload) {
    return payload.substring(1, payload.length() - 1);
  }
}
