package io.medvol.reward.localisation;

import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.response.ParsedResponse;
import io.medvol.reward.response.ResponseParser;
import io.medvol.reward.response.WrittenBox;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The strict mode: nothing lenient, and no reward for an empty mask. */
final class StrictRules implements ScoringRules<ParsedResponse> {
  private final ResponseParser parser;
  private final Map<String, Double> weights;
  private final List<LocalisationTerm<ParsedResponse>> terms;

  StrictRules(RewardConfig config) {
    this.parser = new ResponseParser(config.responseForm());
    this.weights = config.weights();
    this.terms =
        Terms.named(
            weights.keySet(),
            List.of(
                new FormatTerm(),
                new AxialTerm(),
                new SpatialTerm(),
                new ConsistencyTerm(config.consistencyRadius()),
                new Dice3dTerm()));
  }

  @Override
  public ParsedResponse read(String completion, GroundTruth truth) {
    return parser.parse(completion, truth.shownSlices(), truth.scale());
  }

  @Override
  public AnswerStatus status(ParsedResponse response, GroundTruth truth) {
    if (response instanceof ParsedResponse.Grounded) {
      return AnswerStatus.ANSWERED;
    }
    return response instanceof ParsedResponse.Abstention
        ? AnswerStatus.ABSTAINED
        : AnswerStatus.UNPARSABLE;
  }

  @Override
  public String reason(ParsedResponse response, GroundTruth truth) {
    return response instanceof ParsedResponse.Unparsable unparsable ? unparsable.reason() : "";
  }

  @Override
  public Optional<Evidence> evidence(ParsedResponse response, GroundTruth truth) {
    if (!(response instanceof ParsedResponse.Grounded grounded)) {
      return Optional.empty();
    }
    return Optional.of(
        new Evidence(grounded.anchor().slice(), goodEdges(grounded.anchor().goodBoxes(), truth)));
  }

  @Override
  public boolean worthPropagating(GroundTruth truth) {
    return truth.present();
  }

  @Override
  public List<LocalisationTerm<ParsedResponse>> terms() {
    return terms;
  }

  @Override
  public RewardBreakdown sum(Map<String, RewardValue> values) {
    return RewardBreakdown.weighted(values, weights);
  }

  static List<EdgeBox> goodEdges(List<WrittenBox> boxes, GroundTruth truth) {
    return boxes.stream()
        .map(
            box ->
                BoxCoordinates.toEdges(
                    box, truth.scale(), truth.size().columns(), truth.size().rows()))
        .toList();
  }
}
