package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.shard.SampleSelection;
import io.medvol.grpo.config.PeftConfig;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.reward.choice.ChoiceConfig;
import io.medvol.spark.config.PolicyConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What makes two runs the same run: everything that moves a result, and nothing else. Where the
 * work runs is left out, since results do not depend on it.
 *
 * @param method name of the loop
 * @param training settings of the loop
 * @param rewards settings of the task
 * @param demonstrations what is taught; null where nothing is
 * @param propagator what drew the masks
 * @param peft those of the adapter that is trained, or none
 * @param dataDigest digest of the prepared data set's manifest
 */
record RunIdentity(
    String method,
    Record training,
    Record rewards,
    Record demonstrations,
    PropagatorIdentity propagator,
    SampleSelection samples,
    PolicyConfig policy,
    PeftConfig peft,
    String dataDigest) {
  /** What is saved, how often, and how much may fail before a run stops, moves nothing. */
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "training.save-steps",
          "training.save-total-limit",
          "training.max-failed-share",
          "policy.feature-cache-bytes");

  private static final String LENGTH = "training.steps";

  String digest(SchedulerType schedule) {
    return new EffectiveConfig<>(this).digestWithout(withoutEffect(schedule));
  }

  /** What the digest is of, by the keys of the configuration. */
  SortedMap<String, String> settings(SchedulerType schedule) {
    SortedMap<String, String> named = new TreeMap<>();
    String task = rewards instanceof ChoiceConfig ? "choice." : "rewards.";
    new EffectiveConfig<>(this)
        .settingsWithout(withoutEffect(schedule))
        .forEach(
            (key, text) ->
                named.put(
                    key.replaceFirst("^training\\.", method + ".")
                        .replaceFirst("^rewards\\.", task),
                    text));
    return named;
  }

  /** A run may be prolonged where its steps do not depend on how many there will be. */
  private static List<String> withoutEffect(SchedulerType schedule) {
    List<String> left = new ArrayList<>(WITHOUT_EFFECT);
    if (schedule.openEnded()) {
      left.add(LENGTH);
    }
    return left;
  }
}
