package io.medvol.bench.policy;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.advantage.AdvantageEstimator;
import io.medvol.grpo.advantage.ScaleRewards;
import io.medvol.grpo.config.OptimizerConfig;
import io.medvol.grpo.optim.AdamW;
import io.medvol.grpo.optim.OptimizerState;
import io.medvol.grpo.optim.PolicyOptimizer;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.rollout.objective.Answer;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.objective.PolicyLoss;
import io.medvol.rollout.objective.UpdateScope;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * GRPO steps on one prompt after another: draw a group, reward it, differentiate, move the policy.
 * Each answer has the full length, so that the work does not depend on the weights.
 */
final class TrainedStep {
  private static final double LEARNING_RATE = 1e-5;

  private final PolicyModel policy;
  private final int group;
  private final int length;
  private final Meter meter;
  private final PolicyOptimizer optimizer;
  private PolicyState state;
  private OptimizerState moments;
  private int steps;
  private double rewardStd;
  private double gradNorm;

  TrainedStep(PolicyModel policy, int group, int length, Meter meter) {
    this.policy = policy;
    this.group = group;
    this.length = length;
    this.meter = meter;
    OptimizerConfig config = OptimizerConfig.defaults();
    this.optimizer =
        new PolicyOptimizer(
            new AdamW(
                policy.layout(),
                config.adamBeta1(),
                config.adamBeta2(),
                config.adamEpsilon(),
                config.weightDecay()),
            config.schedule(1_000_000),
            LEARNING_RATE,
            config.maxGradNorm());
    this.state = PolicyState.of(0, policy.parameters());
    this.moments = OptimizerState.zero(policy.layout().size());
  }

  void run(PeerPrompt source) {
    int step = steps++;
    EncodedPrompt prompt =
        meter.time("preparation", () -> policy.encode(source.messages(1 + step)));
    long[] seeds = LongStream.range(0, group).map(i -> 1000L * step + i).toArray();
    SamplingParams sampling = new SamplingParams(1, length).withMinNewTokens(length);
    List<TokenIds> drawn =
        meter.time(
            "generation",
            () -> policy.sample(prompt, sampling, seeds).stream().map(Completion::tokens).toList());
    double[] rewards = drawn.stream().mapToDouble(TrainedStep::evenShare).toArray();
    AdvantageEstimate estimate =
        AdvantageEstimator.estimate(new double[][] {rewards}, ScaleRewards.GROUP);
    rewardStd = estimate.rewards().std();
    Advantages advantages = estimate.groups().get(0);
    double tokens = drawn.stream().mapToInt(TokenIds::length).sum();
    List<Answer> answers =
        IntStream.range(0, group)
            .mapToObj(i -> new Answer(advantages.at(i), null, null, null, Answer.Mask.COUNTED))
            .toList();
    PolicyLoss loss =
        new PolicyLoss(
            ObjectiveConfig.defaults().objective(),
            UpdateScope.of(new LossDenominators(group, tokens, length)),
            answers);
    float[] gradient =
        meter.time(
            "update",
            () -> {
              float[] sums = new float[policy.layout().size()];
              policy.accumulateGradient(
                  prompt,
                  drawn,
                  1,
                  (logProbs, entropies) -> loss.evaluate(logProbs, entropies).gradient(),
                  sums);
              return sums;
            });
    meter.time(
        "optimizer",
        () -> {
          if (optimizer.update(state, moments, FloatVector.wrap(gradient), 1, step)
              instanceof PolicyOptimizer.Update.Applied applied) {
            state = applied.policy();
            moments = applied.state();
            gradNorm = applied.gradNorm();
            policy.setParameters(state.parameters().array());
          }
          return state;
        });
  }

  /** Cheap, and different within a group: share of even token ids. */
  private static double evenShare(TokenIds tokens) {
    int even = 0;
    for (int i = 0; i < tokens.length(); i++) {
      even += 1 - tokens.at(i) % 2;
    }
    return (double) even / tokens.length();
  }

  double rewardStd() {
    return rewardStd;
  }

  double gradNorm() {
    return gradNorm;
  }
}
