package io.medvol.reward.localisation;

import io.medvol.data.volume.CtVolume;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.RewardTerm;
import io.medvol.reward.term.RewardTerms;
import io.medvol.reward.term.TermRunner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The terms of a configuration that see texts: the user's own, and the length penalty. */
final class UserTerms {
  private static final List<String> BUILT_IN =
      List.of(
          RewardConfig.FORMAT,
          RewardConfig.AXIAL,
          RewardConfig.SPATIAL,
          RewardConfig.CONSISTENCY,
          RewardConfig.DICE_3D,
          RewardConfig.LENGTH);

  private final Map<String, RewardTerm> terms = new LinkedHashMap<>();
  private final TermRunner runner;

  UserTerms(RewardConfig config) {
    for (String name : config.weights().keySet()) {
      if (name.equals(RewardConfig.LENGTH)) {
        terms.put(name, new LengthTerm(config.lengthPenalty()));
      } else if (!BUILT_IN.contains(name)) {
        terms.put(name, RewardTerms.find(name, BUILT_IN));
      }
    }
    this.runner =
        new TermRunner(
            Duration.ofMillis((long) Math.ceil(config.termTimeoutSeconds() * 1000)),
            config.termRetries());
  }

  /** Name of each term to its values, one for each completion. */
  Map<String, List<RewardValue>> score(
      CtVolume volume, GroundTruth truth, List<String> completions) {
    RewardBatch batch = new RewardBatch(truth.sample(), volume, truth.target(), completions);
    Map<String, List<RewardValue>> values = new LinkedHashMap<>();
    terms.forEach((name, term) -> values.put(name, runner.score(term, batch)));
    return values;
  }
}
