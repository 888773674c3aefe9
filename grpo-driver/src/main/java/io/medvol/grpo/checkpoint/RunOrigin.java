package io.medvol.grpo.checkpoint;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDigests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What makes a run the run it is, as each of its checkpoints holds it: a run resumes from the same
 * origin only. Immutable.
 *
 * @param configDigest digest of the settings that move a result
 * @param initialDigest names the policy the run began with, what of it is not trained included
 * @param settings those settings, by their keys; empty where they are not known
 * @param model files of the model the run began with; none where they are not known
 * @param machines the kinds of machine that have worked on it, each in words; empty where they are
 *     not known
 */
public record RunOrigin(
    String configDigest,
    String initialDigest,
    SortedMap<String, String> settings,
    ModelDigests model,
    SortedSet<String> machines) {
  private static final int MOST_SHOWN = 8;
  private static final String STEPS = ".steps";

  public RunOrigin {
    Objects.requireNonNull(configDigest, "configDigest");
    Objects.requireNonNull(initialDigest, "initialDigest");
    Objects.requireNonNull(model, "model");
    machines = Collections.unmodifiableSortedSet(new TreeSet<>(machines));
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** Of a run that is known by digests alone. */
  public static RunOrigin of(String configDigest, String initialDigest) {
    return new RunOrigin(
        configDigest,
        initialDigest,
        Collections.emptySortedMap(),
        ModelDigests.none(),
        Collections.emptySortedSet());
  }

  /** The same run, which machines of these kinds have worked on too. */
  public RunOrigin workedOnBy(Set<String> further) {
    SortedSet<String> all = new TreeSet<>(machines);
    all.addAll(further);
    return new RunOrigin(configDigest, initialDigest, settings, model, all);
  }

  /**
   * Lets a run go on whose checkpoint has this origin.
   *
   * @param now the origin of the command that would go on
   * @param rule which kinds of machine may go on with it
   * @throws MedVolException INVALID_CONFIG if that would be another run; the message names what
   *     differs
   */
  public void requireSame(RunOrigin now, MachineRule rule) {
    if (!configDigest.equals(now.configDigest)) {
      throw otherRun("was made with other settings: " + otherSettings(now));
    }
    if (!initialDigest.equals(now.initialDigest)) {
      throw otherRun("began from another model: " + otherModel(now));
    }
    boolean known = !machines.isEmpty() && !now.machines.isEmpty();
    if (rule == MachineRule.SAME && known && !machines.equals(now.machines)) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The run was computed on another kind of machine: "
              + String.join(" and ", machines)
              + ", now "
              + String.join(" and ", now.machines)
              + ". Resume it on the first kind, or give up equal bytes by spark.machines=any.");
    }
  }

  private String otherSettings(RunOrigin now) {
    if (settings.isEmpty() || now.settings.isEmpty()) {
      return "their digest was " + configDigest + ", now " + now.configDigest;
    }
    TreeSet<String> keys = new TreeSet<>(settings.keySet());
    keys.addAll(now.settings.keySet());
    List<String> changes = new ArrayList<>();
    for (String key : keys) {
      String before = settings.getOrDefault(key, "absent");
      String after = now.settings.getOrDefault(key, "absent");
      if (!before.equals(after)) {
        changes.add(key + " was " + before + ", now " + after);
      }
    }
    boolean longer = changes.stream().anyMatch(change -> change.contains(STEPS + " was "));
    int shown = Math.min(MOST_SHOWN, changes.size());
    return String.join("; ", changes.subList(0, shown))
        + (shown < changes.size() ? "; and " + (changes.size() - shown) + " more" : "")
        + (longer ? " (only a run with a constant learning rate can be given more steps)" : "");
  }

  private String otherModel(RunOrigin now) {
    if (model.digests().isEmpty()) {
      return "its files are not recorded by the version that wrote the checkpoint";
    }
    String changes = model.changesTo(now.model);
    return changes.isEmpty() ? "the adapter it starts from has changed" : changes;
  }

  private static MedVolException otherRun(String difference) {
    return new MedVolException(
        ErrorCode.INVALID_CONFIG,
        "The checkpoint in the run directory "
            + difference
            + ". Give the same ones to resume it, or another run directory to start anew.");
  }
}
