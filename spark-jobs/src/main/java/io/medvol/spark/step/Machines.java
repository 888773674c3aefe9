package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.model.MachineKind;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The kinds of machine that a job's executors are when it begins, and whether executors of other
 * kinds may join it later. Immutable.
 *
 * @param kinds each in words
 */
public record Machines(MachineRule rule, SortedSet<String> kinds) implements Serializable {
  private static final int TASKS_PER_SLOT = 4;

  public Machines {
    kinds = Collections.unmodifiableSortedSet(new TreeSet<>(kinds));
  }

  /** Whatever there is. */
  public static Machines any() {
    return new Machines(MachineRule.ANY, Collections.emptySortedSet());
  }

  /**
   * Asks every executor that is there what it computes with.
   *
   * @throws MedVolException INVALID_CONFIG if they are of several kinds and the rule is one kind
   */
  public static Machines of(JavaSparkContext spark, MachineRule rule) {
    int tasks = TASKS_PER_SLOT * spark.defaultParallelism();
    List<String> slots = IntStream.range(0, tasks).mapToObj(Integer::toString).toList();
    spark.setJobGroup("medvol-machines", "What the executors compute with", true);
    try {
      return of(
          rule, spark.parallelize(slots, tasks).map(slot -> seat() + "\n" + here()).collect());
    } finally {
      spark.clearJobGroup();
    }
  }

  /**
   * @param found executor, new line, kind
   */
  static Machines of(MachineRule rule, List<String> found) {
    SortedMap<String, SortedSet<String>> executors = new TreeMap<>();
    for (String one : found) {
      int end = one.indexOf('\n');
      executors
          .computeIfAbsent(one.substring(end + 1), kind -> new TreeSet<>())
          .add(one.substring(0, end));
    }
    if (rule == MachineRule.SAME && executors.size() > 1) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The executors are of "
              + executors.size()
              + " kinds of machine, whose results differ in their last bits: "
              + String.join("; ", executors.entrySet().stream().map(Machines::text).toList())
              + ". Use one kind, or give up equal bytes by spark.machines=any.");
    }
    return new Machines(rule, new TreeSet<>(executors.keySet()));
  }

  private static String text(Map.Entry<String, SortedSet<String>> kind) {
    return String.join(" and ", kind.getValue()) + ": " + kind.getKey();
  }

  /**
   * Lets the executor of this task work.
   *
   * @return its kind
   * @throws MedVolException INVALID_CONFIG if it is of a kind that may not
   */
  String admit() {
    String here = here();
    if (rule == MachineRule.SAME && !kinds.contains(here)) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          seat()
              + " is of another kind of machine than this run began on: "
              + here
              + ", not "
              + String.join(" or ", kinds)
              + ". Use one kind, or give up equal bytes by spark.machines=any.");
    }
    return here;
  }

  private static String seat() {
    SparkEnv env = SparkEnv.get();
    return "Executor " + env.executorId() + " on " + env.blockManager().blockManagerId().host();
  }

  private static String here() {
    return MachineKind.here().toString();
  }
}
