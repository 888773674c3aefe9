package io.medvol.reward.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.volume.PixelBox;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Neither parser may throw, or take long, on anything a policy can write. */
class ParserFuzzTest {
  private static final long LIMIT_NANOS = 50_000_000L;
  private static final Set<Integer> SHOWN = Set.of(0, 3, 7, 12);
  private static final String GOOD =
      "<think>Largest here.</think>\n<answer>[{\"slice\": 7, \"bbox_2d_list\": [[10, 20, 300, 400],"
          + " [500, 500, 600, 700]]}]</answer>";
  private static final String[] SNIPPETS = {
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "< answer >",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "\\",
    "\\u00",
    "\\ud800",
    " ",
    "\n",
    "0",
    "-",
    ".",
    "e1",
    "NaN",
    "-Infinity",
    "null",
    "true",
    "1e400",
    "9999999999999999999",
    "```",
    "\u3000",
    "\ud83d",
    "\u0000",
    "[[0,0,1000,1000]]",
    "[]",
    "\"slice\":",
    "\u212a",
    "\uff11",
    "_"
  };

  private final List<ResponseParser> strict =
      Stream.of(ResponseForm.values()).map(ResponseParser::new).toList();
  private final PaperResponseParser paper =
      new PaperResponseParser(512, 333, CoordinateScale.THOUSANDTHS);

  @Test
  void aHundredThousandDamagedOrRandomCompletionsAreRead() {
    SplittableRandom random = new SplittableRandom(20261121);
    int answered = 0;
    int readOnPaper = 0;
    int outside = 0;
    for (int i = 0; i < 100_000; i++) {
      String text = i % 4 == 0 ? noise(random) : damaged(random);
      // The other forms differ in their blocks alone.
      for (ResponseParser parser : i % 5 == 0 ? strict : strict.subList(0, 1)) {
        if (parser.parse(text, SHOWN, CoordinateScale.THOUSANDTHS)
            instanceof ParsedResponse.Grounded grounded) {
          answered++;
          outside += SHOWN.contains(grounded.anchor().slice()) ? 0 : 1;
        }
      }
      PaperResponse response = paper.parse(text);
      for (PixelBox box : response.boxes()) {
        outside += box.x1() >= 0 && box.x2() < 512 && box.y1() >= 0 && box.y2() < 333 ? 0 : 1;
      }
      readOnPaper += response.boxes().isEmpty() ? 0 : 1;
    }
    assertThat(outside).isZero();
    assertThat(answered).isPositive();
    assertThat(readOnPaper).isGreaterThan(answered);
  }

  @TestFactory
  Stream<DynamicTest> aMegabyteOfAdversarialTextTakesLessThanFiftyMilliseconds() {
    Map<String, String> texts = new LinkedHashMap<>();
    int n = 1 << 20;
    texts.put("brackets", answer("[".repeat(n)));
    texts.put("closed brackets", answer("[".repeat(n / 2) + "]".repeat(n / 2)));
    texts.put("braces", answer("{\"a\":".repeat(n / 5)));
    texts.put("numbers", answer("[" + "1,".repeat(n / 2) + "1]"));
    texts.put("one number", answer("1".repeat(n)));
    texts.put("one fraction", answer("[0." + "1".repeat(n) + "]"));
    texts.put("escapes", answer("\"" + "\\u0041".repeat(n / 6) + "\""));
    texts.put("open tags", "<think>".repeat(n / 7));
    texts.put("open answers", "<think>a</think>" + "<answer>".repeat(n / 8));
    texts.put("thoughts", "<think>a</think>".repeat(n / 16));
    texts.put("thought and answer pairs", "<think>" + "</think><answer>".repeat(n / 16));
    texts.put("less-than signs", "<".repeat(n));
    texts.put("spaced less-than signs", "< ".repeat(n / 2));
    texts.put("white space", " ".repeat(n));
    texts.put("white space in a tag", "<" + " ".repeat(n) + "think>");
    texts.put("boxes", answer(GOOD_HEAD + "[1,2,3,4],".repeat(n / 10) + "[1,2,3,4]]}]"));
    texts.put("bad boxes", answer(GOOD_HEAD + "[],".repeat(n / 3) + "[]]}]"));
    texts.put("text as a number", answer(GOOD_HEAD + "[\"" + "1".repeat(n) + "x\",2,3,4]]}]"));
    texts.put("text as a slice", answer("[{\"slice\": \"" + "1_".repeat(n / 2) + "\"}]"));
    texts.put("many keys", answer(keys(n / 12)));
    return texts.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> assertThat(fastest(entry.getValue())).isLessThan(LIMIT_NANOS)));
  }

  private static final String GOOD_HEAD = "[{\"slice\": 7, \"bbox_2d_list\": [";

  /** Processor time of the best of several runs: neither a busy machine nor a cold one counts. */
  private long fastest(String text) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long fastest = Long.MAX_VALUE;
    for (int run = 0; run < 12 && fastest >= LIMIT_NANOS; run++) {
      long start = clock.getCurrentThreadCpuTime();
      strict.get(0).parse(text, SHOWN, CoordinateScale.THOUSANDTHS);
      long middle = clock.getCurrentThreadCpuTime();
      paper.parse(text);
      long end = clock.getCurrentThreadCpuTime();
      fastest = Math.min(fastest, Math.max(middle - start, end - middle));
    }
    return fastest;
  }

  private static String answer(String payload) {
    return "<think>a</think><answer>" + payload + "</answer>";
  }

  private static String keys(int count) {
    StringBuilder text = new StringBuilder("[{");
    for (int i = 0; i < count; i++) {
      text.append('"').append(i).append("\":0,");
    }
    return text.append("\"slice\":7}]").toString();
  }

  private static String noise(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      if (random.nextInt(3) > 0) {
        text.append(SNIPPETS[random.nextInt(SNIPPETS.length)]);
      } else {
        text.append((char) random.nextInt(1 + random.nextInt(0xffff)));
      }
    }
    return text.toString();
  }

  private static String damaged(SplittableRandom random) {
    StringBuilder text = new StringBuilder(GOOD);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + 1 + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
        case 2 -> text.insert(at, text.substring(at, end));
        default -> damageDigit(text, random);
      }
    }
    return text.toString();
  }

  private static void damageDigit(StringBuilder text, SplittableRandom random) {
    List<Integer> digits = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isDigit(text.charAt(i))) {
        digits.add(i);
      }
    }
    if (!digits.isEmpty()) {
      int at = digits.get(random.nextInt(digits.size()));
      text.setCharAt(at, (char) ('0' + random.nextInt(10)));
    }
  }
}
