package io.medvol.bench.fuzz;

import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.PaperResponseParser;
import io.medvol.reward.response.ResponseForm;
import io.medvol.reward.response.ResponseParser;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import java.util.SplittableRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Gives the parsers of both modes seeded random completions, most of them short and damaged, some a
 * megabyte of a few adversarial fragments. What a parser throws ends the run with the number of the
 * completion, from which it can be made again.
 */
@Command(name = "fuzz-completions", mixinStandardHelpOptions = true)
public final class FuzzCompletions implements Runnable {
  private static final Set<Integer> SHOWN = Set.of(0, 3, 7, 12);
  private static final int MEGABYTE = 1 << 20;
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
    "\u3000",
    "\ud83d",
    "\u0000",
    "[[0,0,1000,1000]]",
    "[1,2,3,4],",
    "\"slice\":",
    "\u212a",
    "\uff11",
    "_",
    "\u00df",
    "\u0130"
  };

  @Option(names = "--count", description = "Completions; default ${DEFAULT-VALUE}.")
  private int count = 1_000_000;

  @Option(names = "--large-every", description = "One in so many is a megabyte; default 500.")
  private int largeEvery = 500;

  @Option(names = "--seed", description = "Seed; default ${DEFAULT-VALUE}.")
  private long seed = 20_261_122;

  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
  private final ResponseParser strict = new ResponseParser(ResponseForm.THINK_ANSWER);
  private final PaperResponseParser paper =
      new PaperResponseParser(512, 512, CoordinateScale.THOUSANDTHS);

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FuzzCompletions()).execute(arguments));
  }

  @Override
  public void run() {
    long slowest = 0;
    int slowestAt = -1;
    int large = 0;
    long characters = 0;
    for (int i = 0; i < count; i++) {
      boolean megabyte = i % largeEvery == largeEvery - 1;
      String text = text(i, megabyte);
      characters += text.length();
      long nanos = parse(text, i);
      if (megabyte) {
        large++;
        // A first slow run may be the compiler's; a slow text is slow every time.
        for (int again = 0; again < 3 && nanos > 20_000_000; again++) {
          nanos = Math.min(nanos, parse(text, i));
        }
        if (nanos > slowest) {
          slowest = nanos;
          slowestAt = i;
        }
      }
    }
    System.out.printf(
        "%d completions, %d of them a megabyte, %.1f GB of text, seed %d: none threw%n",
        count, large, characters / 1e9, seed);
    System.out.printf(
        "slowest megabyte: %.1f ms of processor time, completion %d%n", slowest / 1e6, slowestAt);
  }

  /** The longer of the two modes, in processor time. */
  private long parse(String text, int number) {
    try {
      long start = clock.getCurrentThreadCpuTime();
      strict.parse(text, SHOWN, CoordinateScale.THOUSANDTHS);
      long middle = clock.getCurrentThreadCpuTime();
      paper.parse(text);
      return Math.max(middle - start, clock.getCurrentThreadCpuTime() - middle);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalStateException("Completion " + number + " of seed " + seed + " threw", e);
    }
  }

  private String text(int number, boolean megabyte) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    if (megabyte) {
      return large(random);
    }
    return number % 4 == 0 ? noise(random) : damaged(random);
  }

  private static String large(SplittableRandom random) {
    String[] few = new String[1 + random.nextInt(4)];
    for (int i = 0; i < few.length; i++) {
      few[i] = snippet(random);
    }
    StringBuilder text = new StringBuilder(MEGABYTE + 256);
    boolean framed = random.nextBoolean();
    text.append(framed ? "<think>a</think><answer>[{\"slice\": 7, \"bbox_2d_list\": [" : "");
    boolean regular = random.nextBoolean();
    for (int i = 0; text.length() < MEGABYTE; i++) {
      text.append(few[regular ? i % few.length : random.nextInt(few.length)]);
    }
    return text.append(framed ? "]}]</answer>" : "").toString();
  }

  private static String noise(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append(
          random.nextInt(3) > 0
              ? snippet(random)
              : String.valueOf((char) random.nextInt(1 + random.nextInt(0xffff))));
    }
    return text.toString();
  }

  private static String damaged(SplittableRandom random) {
    StringBuilder text = new StringBuilder(GOOD);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + 1 + random.nextInt(8));
      switch (random.nextInt(3)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, snippet(random));
        default -> text.insert(at, text.substring(at, end));
      }
    }
    return text.toString();
  }

  private static String snippet(SplittableRandom random) {
    return SNIPPETS[random.nextInt(SNIPPETS.length)];
  }
}
