package io.medvol.reward.localisation;

import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardMode;
import io.medvol.reward.RewardValue;
import io.medvol.reward.response.PaperResponse;
import io.medvol.reward.response.PaperResponseParser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The paper modes: slices that were not shown are accepted, and a total is clamped to 0..1. */
final class PaperRules implements ScoringRules<PaperResponse> {
  private final Map<String, Double> weights;
  private final List<LocalisationTerm<PaperResponse>> terms;

  PaperRules(RewardConfig config) {
    this.weights = config.weights();
    PaperTerm.BoxNeed boxNeed =
        config.mode() == RewardMode.PAPER_KITS23
            ? PaperTerm.BoxNeed.OPTIONAL
            : PaperTerm.BoxNeed.REQUIRED;
    this.terms =
        Terms.named(
            weights.keySet(),
            List.of(
                new PaperTerm.Format(),
                new PaperTerm.Axial(boxNeed),
                new PaperTerm.Spatial(),
                new PaperTerm.Consistency(config.consistencyRadius()),
                new PaperTerm.Dice3d()));
  }

  @Override
  public PaperResponse read(String completion, GroundTruth truth) {
    return new PaperResponseParser(truth.size().columns(), truth.size().rows(), truth.scale())
        .parse(completion);
  }

  @Override
  public AnswerStatus status(PaperResponse response, GroundTruth truth) {
    return evidence(response, truth).isPresent() ? AnswerStatus.ANSWERED : AnswerStatus.UNPARSABLE;
  }

  @Override
  public String reason(PaperResponse response, GroundTruth truth) {
    if (!response.payload()) {
      return "No list or object in an answer block";
    }
    if (response.slice() == null) {
      return "No slice";
    }
    if (response.boxes().isEmpty()) {
      return "No box";
    }
    return evidence(response, truth).isPresent() ? "" : "The slice is not in the volume";
  }

  @Override
  public Optional<Evidence> evidence(PaperResponse response, GroundTruth truth) {
    OptionalInt slice = response.sliceWithin(truth.size().slices());
    if (slice.isEmpty() || response.boxes().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Evidence(
            slice.getAsInt(), response.boxes().stream().map(BoxCoordinates::toEdges).toList()));
  }

  @Override
  public boolean worthPropagating(GroundTruth truth) {
    return true;
  }

  @Override
  public List<LocalisationTerm<PaperResponse>> terms() {
    return terms;
  }

  @Override
  public RewardBreakdown sum(Map<String, RewardValue> values) {
    RewardBreakdown sum = RewardBreakdown.weighted(values, weights);
    return sum.scorable()
        ? new RewardBreakdown(sum.terms(), Math.max(0, Math.min(1, sum.total())))
        : sum;
  }
}
