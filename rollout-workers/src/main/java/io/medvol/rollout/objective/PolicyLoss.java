package io.medvol.rollout.objective;

import java.util.List;
import java.util.Objects;

/**
 * The GRPO loss over some answers of an update: sum over tokens of weight * (surrogate + beta KL)
 * (semantics and metric names of TRL 1.13).
 *
 * <p>Immutable. Since weights hold global denominators, losses and gradients over disjoint sets of
 * answers add up to those over their union.
 */
public final class PolicyLoss {
  private final Objective objective;
  private final GroupLoss loss;
  private final UpdateScope scope;
  private final List<Answer> answers;

  public PolicyLoss(Objective objective, UpdateScope scope, List<Answer> answers) {
    this.objective = Objects.requireNonNull(objective, "objective");
    this.scope = Objects.requireNonNull(scope, "scope");
    this.loss = objective.lossType().of(objective);
    this.answers = List.copyOf(answers);
  }

  /**
   * @param logProbs {@code [answer][token]}, nats
   * @param entropies {@code [answer][token]}, nats; logged, and compared with the threshold
   */
  public LossEvaluation evaluate(double[][] logProbs, double[][] entropies) {
    if (logProbs.length != answers.size() || entropies.length != answers.size()) {
      throw new IllegalArgumentException(
          logProbs.length + " rows of log-probabilities for " + answers.size() + " answers");
    }
    double[][] losses = new double[logProbs.length][];
    double[][] gradient = new double[logProbs.length][];
    ObjectiveSums sums = ObjectiveSums.ZERO;
    for (int i = 0; i < logProbs.length; i++) {
      losses[i] = new double[logProbs[i].length];
      gradient[i] = new double[logProbs[i].length];
      AnswerLoss row =
          new AnswerLoss(objective, loss, scope, answers.get(i), logProbs[i], entropies[i]);
      sums = sums.plus(row.evaluate(losses[i], gradient[i]));
    }
    return new LossEvaluation(losses, gradient, sums);
  }
}
