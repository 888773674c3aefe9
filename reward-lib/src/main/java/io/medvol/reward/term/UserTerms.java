package io.medvol.reward.term;

import io.medvol.reward.RewardValue;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The terms of a configuration that see texts and are not built in. Thread-safe. */
public final class UserTerms {
  private final Map<String, RewardTerm> terms = new LinkedHashMap<>();
  private final TermRunner runner;

  /**
   * Finds the terms.
   *
   * @param key of the configuration that names them, for messages
   * @param names of all weighted terms
   * @param builtIn those of them that are scored elsewhere
   * @param timeoutSeconds how long a term may take for a batch
   * @param retries further attempts for a completion that failed on its own
   * @throws io.medvol.data.error.MedVolException if a term cannot be found or made
   */
  public UserTerms(
      String key,
      Collection<String> names,
      List<String> builtIn,
      double timeoutSeconds,
      int retries) {
    for (String name : names) {
      if (!builtIn.contains(name)) {
        terms.put(name, RewardTerms.find(key, name, builtIn));
      }
    }
    this.runner =
        new TermRunner(Duration.ofMillis((long) Math.ceil(timeoutSeconds * 1000)), retries);
  }

  /** Name of each term to its values, one for each completion. */
  public Map<String, List<RewardValue>> score(RewardBatch batch) {
    Map<String, List<RewardValue>> values = new LinkedHashMap<>();
    terms.forEach((name, term) -> values.put(name, runner.score(term, batch)));
    return values;
  }
}
