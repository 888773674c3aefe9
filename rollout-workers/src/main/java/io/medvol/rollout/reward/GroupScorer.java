package io.medvol.rollout.reward;

import io.medvol.data.example.VrsSample;
import io.medvol.reward.localisation.LocalisationScore;
import io.medvol.rollout.prompt.OpenVolume;
import java.util.List;

/**
 * Scores the answers of one group together, so that a volume is read once and equal anchors are
 * propagated once. One thread at a time.
 */
public interface GroupScorer {
  /**
   * One score for each text, in order. A reward that fails has a status; the call throws only for a
   * bug.
   */
  List<LocalisationScore> score(VrsSample sample, OpenVolume volume, List<String> completions);

  /** The names of the reward terms, in the order of their metrics. */
  List<String> terms();
}
