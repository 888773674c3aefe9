package io.medvol.reward.localisation;

import io.medvol.data.example.Sample;
import io.medvol.data.volume.CtVolume;
import io.medvol.reward.LengthPenalty;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import io.medvol.reward.term.RewardBatch;
import io.medvol.reward.term.UserTerms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Scores the completions of one prompt together: reads them all, asks the propagator once for all
 * the evidence (equal evidence once), and computes every term of the configuration for each.
 *
 * <p>As thread-safe as its propagator, which it does not close.
 */
public final class LocalisationRewards {
  private static final List<String> BUILT_IN =
      List.of(
          RewardConfig.FORMAT,
          RewardConfig.AXIAL,
          RewardConfig.SPATIAL,
          RewardConfig.CONSISTENCY,
          RewardConfig.DICE_3D,
          RewardConfig.LENGTH);

  private final GroupScoring<?> scoring;

  /**
   * Looks for the terms that are not built in as {@link io.medvol.reward.term.RewardTerm} says.
   *
   * @throws io.medvol.data.error.MedVolException if a term cannot be found or made
   */
  public LocalisationRewards(RewardConfig config, MaskPropagator propagator) {
    Objects.requireNonNull(propagator, "propagator");
    this.scoring =
        config.mode().paper()
            ? new GroupScoring<>(new PaperRules(config), config, propagator)
            : new GroupScoring<>(new StrictRules(config), config, propagator);
  }

  /** The names of the terms, in the order of the configuration. */
  public List<String> terms() {
    return scoring.termNames();
  }

  /**
   * One score for each completion, in order. A completion whose mask could not be made has a total
   * of NaN if that mask counts.
   *
   * @param volume the scan, on the grid of the ground truth
   */
  public List<LocalisationScore> score(
      CtVolume volume, GroundTruth truth, List<String> completions) {
    if (!volume.size().equals(truth.size())) {
      throw new IllegalArgumentException(
          "The volume is of " + volume.size() + ", the ground truth of " + truth.size());
    }
    return scoring.score(volume, truth, completions);
  }

  private static final class GroupScoring<R> {
    private final ScoringRules<R> rules;
    private final GroupPropagation propagation;
    private final UserTerms userTerms;
    private final LengthPenalty lengthPenalty;
    private final List<String> names;

    GroupScoring(ScoringRules<R> rules, RewardConfig config, MaskPropagator propagator) {
      this.rules = rules;
      this.userTerms =
          new UserTerms(
              "rewards.weights",
              config.weights().keySet(),
              BUILT_IN,
              config.termTimeoutSeconds(),
              config.termRetries());
      this.lengthPenalty = config.lengthPenalty();
      this.names = List.copyOf(config.weights().keySet());
      int reach =
          rules.terms().stream()
              .mapToInt(LocalisationTerm::reach)
              .max()
              .orElse(LocalisationTerm.NO_MASK);
      this.propagation = new GroupPropagation(propagator, reach, config.maxPropagatedBoxes());
    }

    List<String> termNames() {
      return names;
    }

    List<LocalisationScore> score(CtVolume volume, GroundTruth truth, List<String> completions) {
      List<R> responses = completions.stream().map(text -> rules.read(text, truth)).toList();
      List<Optional<EvidencePrompt>> prompts = new ArrayList<>();
      for (R response : responses) {
        prompts.add(
            rules
                .evidence(response, truth)
                .filter(evidence -> rules.worthPropagating(truth))
                .flatMap(evidence -> propagation.prompt(evidence, truth.size().slices())));
      }
      Map<EvidencePrompt, Propagation> results = propagation.propagate(volume, prompts);
      Map<String, List<RewardValue>> userValues =
          userTerms.score(
              new RewardBatch(
                  truth.sample().map(Sample.class::cast),
                  Optional.of(volume),
                  Optional.of(truth.target()),
                  completions));
      Map<EvidencePrompt, String> digests = new LinkedHashMap<>();
      List<LocalisationScore> scores = new ArrayList<>();
      for (int i = 0; i < responses.size(); i++) {
        Optional<Propagation> result = prompts.get(i).map(results::get);
        String digest =
            prompts
                .get(i)
                .map(prompt -> digests.computeIfAbsent(prompt, p -> digest(results.get(p))))
                .orElse("");
        Answer<R> answer = new Answer<>(responses.get(i), result);
        Map<String, RewardValue> values = builtIn(answer, truth);
        if (names.contains(RewardConfig.LENGTH)) {
          // The same in every mode, as it reads nothing but the length.
          values.put(RewardConfig.LENGTH, RewardValue.ok(lengthPenalty.of(completions.get(i))));
        }
        for (Map.Entry<String, List<RewardValue>> term : userValues.entrySet()) {
          values.put(term.getKey(), term.getValue().get(i));
        }
        scores.add(score(answer, truth, values, digest));
      }
      return scores;
    }

    private Map<String, RewardValue> builtIn(Answer<R> answer, GroundTruth truth) {
      Map<String, RewardValue> values = new LinkedHashMap<>();
      for (LocalisationTerm<R> term : rules.terms()) {
        values.put(term.name(), term.score(answer, truth));
      }
      return values;
    }

    private LocalisationScore score(
        Answer<R> answer, GroundTruth truth, Map<String, RewardValue> values, String digest) {
      Map<String, RewardValue> ordered = new LinkedHashMap<>();
      names.forEach(name -> ordered.put(name, values.get(name)));
      return new LocalisationScore(
          rules.status(answer.response(), truth),
          rules.reason(answer.response(), truth),
          rules.evidence(answer.response(), truth).orElse(null),
          rules.sum(ordered),
          digest);
    }

    private static String digest(Propagation propagation) {
      return propagation instanceof Propagation.Mask made ? MaskDigest.of(made.mask()) : "";
    }
  }
}
