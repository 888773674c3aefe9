package io.medvol.model.fuzz;

import com.sun.management.ThreadMXBean;
import io.medvol.data.error.MedVolException;
import io.medvol.testing.FileMutator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Gives damaged files to a reader and holds it to its promise: it accepts a file or refuses it with
 * one sentence of a {@link MedVolException}, within a multiple of the file's size of memory and a
 * few seconds of processor time. Equal seeds give equal files. For one thread.
 */
public final class ReaderFuzz {
  /** What a reader of files may take whatever they say; its own tables are most of it. */
  static final Limits OF_FILES = new Limits(48L << 20, 10_000_000_000L);

  /** What a chat template or a tokenizer may take. */
  static final Limits OF_PROGRAMS = new Limits(256L << 20, 2_000_000_000L);

  /** A parsed JSON tree takes tens of bytes for each of the text. */
  private static final long BYTES_PER_BYTE = 256;

  private static final int SHORTEST_SENTENCE = 25;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final FileMutator mutator;
  private final Random random;

  public ReaderFuzz(long seed) {
    this.mutator = new FileMutator(seed);
    this.random = new Random(seed);
  }

  /**
   * Most bytes of the Java heap that may be allocated, beside a multiple of the file's size, and
   * most processor time.
   */
  record Limits(long freeBytes, long cpuNanos) {}

  /** Writes a new content, where damage to the original would seldom be read to its end. */
  @FunctionalInterface
  interface Maker {
    byte[] make(Random random);
  }

  /** Reads what a target's file has become. */
  @FunctionalInterface
  public interface Reader {
    void read() throws IOException;
  }

  /** Makes a file of content that was damaged. */
  @FunctionalInterface
  public interface Packing {
    byte[] pack(byte[] content) throws IOException;
  }

  /**
   * A file and who reads it.
   *
   * @param file is overwritten with damaged copies
   * @param original the sound content
   * @param vocabulary texts of the format
   * @param weight how often it is taken, in relation to others
   * @param maker makes contents; null where the original is damaged
   * @param limits of one file
   * @param packing puts the content where the reader finds it, such as into a sound archive
   */
  public record Target(
      String name,
      Path file,
      byte[] original,
      List<String> vocabulary,
      int weight,
      Maker maker,
      Limits limits,
      Packing packing,
      Reader reader) {
    public Target {
      vocabulary = List.copyOf(vocabulary);
    }

    /** A file whose damaged content is put somewhere. */
    public Target(
        String name,
        Path file,
        byte[] original,
        List<String> vocabulary,
        int weight,
        Packing packing,
        Reader reader) {
      this(name, file, original, vocabulary, weight, null, OF_FILES, packing, reader);
    }

    /** The same held to other limits, with made contents where there is a maker. */
    Target with(Maker contents, Limits other) {
      return new Target(name, file, original, vocabulary, weight, contents, other, packing, reader);
    }

    /** A file that is the content. */
    public Target(
        String name,
        Path file,
        byte[] original,
        List<String> vocabulary,
        int weight,
        Reader reader) {
      this(name, file, original, vocabulary, weight, content -> content, reader);
    }
  }

  /** What became of one file: accepted, refused with a code, or a broken promise. */
  public record Outcome(
      String kind, long size, long allocated, long cpuNanos, Optional<String> broken) {}

  /** Damages or makes the file of a target once and has it read. */
  public Outcome once(Target target) throws IOException {
    return read(
        target,
        target.maker() == null
            ? mutator.mutate(target.original(), target.vocabulary())
            : target.maker().make(random));
  }

  /** Writes the file of a target with this content and has it read. */
  public static Outcome read(Target target, byte[] content) throws IOException {
    byte[] bytes = target.packing().pack(content);
    Files.write(target.file(), bytes);
    return read(target, bytes.length);
  }

  private static Outcome read(Target target, long size) throws IOException {
    long thread = Thread.currentThread().getId();
    long allocated = THREADS.getThreadAllocatedBytes(thread);
    long cpu = THREADS.getCurrentThreadCpuTime();
    String kind;
    String broken = null;
    try {
      target.reader().read();
      kind = "accepted";
    } catch (MedVolException e) {
      kind = e.code().name();
      broken = sentence(e.getMessage());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      kind = "untyped";
      broken =
          e + " at " + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "an unknown place");
    }
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    allocated = THREADS.getThreadAllocatedBytes(thread) - allocated;
    if (broken == null && allocated > target.limits().freeBytes() + BYTES_PER_BYTE * size) {
      broken = "allocated " + allocated + " bytes for a file of " + size;
    }
    if (broken == null && cpu > target.limits().cpuNanos()) {
      broken = "took " + cpu / 1_000_000 + " ms of processor time";
    }
    return new Outcome(kind, size, allocated, cpu, Optional.ofNullable(broken));
  }

  private static String sentence(String message) {
    boolean useful =
        message != null && message.length() >= SHORTEST_SENTENCE && !message.contains("null:");
    return useful ? null : "says no more than \"" + message + "\"";
  }

  /** Counts of outcomes by target and kind. */
  public static final class Tally {
    private final Map<String, Map<String, Long>> counts = new TreeMap<>();
    private long mostAllocated;
    private long longestCpu;

    public void add(Target target, Outcome outcome) {
      counts
          .computeIfAbsent(target.name(), name -> new TreeMap<>())
          .merge(outcome.kind(), 1L, Long::sum);
      mostAllocated = Math.max(mostAllocated, outcome.allocated());
      longestCpu = Math.max(longestCpu, outcome.cpuNanos());
    }

    public Map<String, Map<String, Long>> counts() {
      return counts;
    }

    /** Bytes of the Java heap that the greediest file took. */
    public long mostAllocated() {
      return mostAllocated;
    }

    public long longestCpuNanos() {
      return longestCpu;
    }
  }
}
