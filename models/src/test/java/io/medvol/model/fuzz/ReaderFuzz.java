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
import java.util.TreeMap;

/**
 * Gives damaged files to a reader and holds it to its promise: it accepts a file or refuses it with
 * one sentence of a {@link MedVolException}, within a multiple of the file's size of memory and a
 * few seconds of processor time. Equal seeds give equal files. For one thread.
 */
public final class ReaderFuzz {
  /** What a reader may allocate whatever the file says; its own tables are most of it. */
  private static final long FREE_BYTES = 48L << 20;

  /** A parsed JSON tree takes tens of bytes for each of the text. */
  private static final long BYTES_PER_BYTE = 256;

  private static final long LONGEST_CPU_NANOS = 10_000_000_000L;
  private static final int SHORTEST_SENTENCE = 25;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final FileMutator mutator;

  public ReaderFuzz(long seed) {
    this.mutator = new FileMutator(seed);
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
   * @param packing puts the content where the reader finds it, such as into a sound archive
   */
  public record Target(
      String name,
      Path file,
      byte[] original,
      List<String> vocabulary,
      int weight,
      Packing packing,
      Reader reader) {
    public Target {
      vocabulary = List.copyOf(vocabulary);
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

  /** Damages the file of a target once and has it read. */
  public Outcome once(Target target) throws IOException {
    return read(target, mutator.mutate(target.original(), target.vocabulary()));
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
    if (broken == null && allocated > FREE_BYTES + BYTES_PER_BYTE * size) {
      broken = "allocated " + allocated + " bytes for a file of " + size;
    }
    if (broken == null && cpu > LONGEST_CPU_NANOS) {
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
