package io.medvol.rollout.worker;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenObjective;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.response.AnswerOpening;
import io.medvol.rollout.objective.Answer;
import io.medvol.rollout.objective.LossEvaluation;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.objective.PolicyLoss;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Differentiates a loss over one partition. Answers of a group, and demonstrations about the same
 * pictures that follow each other, go through the network in micro-batches of at most {@code
 * microBatch}; since denominators are global, the size changes the result by no more than the
 * rounding of a float sum. Not thread-safe; owns nothing.
 */
final class GradientWorker {
  private final PolicySlot policies;
  private final Task task;
  private final int microBatch;

  GradientWorker(PolicySlot policies, Task task, int microBatch) {
    if (microBatch < 1) {
      throw new IllegalArgumentException("A micro-batch of " + microBatch + " answers is empty");
    }
    this.policies = policies;
    this.task = task;
    this.microBatch = microBatch;
  }

  GradientShard gradient(GradientRequest request, int partition, List<WeightedGroup> groups) {
    PolicyModel policy = policies.with(request.policy());
    Accumulator accumulator = new Accumulator(policy, request.temperature());
    List<SampleFailure> failures = new ArrayList<>();
    for (WeightedGroup weighted : groups) {
      Sample sample = weighted.group().sample();
      EncodedPrompt prompt;
      try {
        prompt = prompt(policy, sample);
      } catch (MedVolException e) {
        failures.add(new SampleFailure(sample.id(), UnreadableSample.reason(e)));
        continue;
      }
      List<Trajectory> trajectories = weighted.group().trajectories();
      for (int from = 0; from < trajectories.size(); from += microBatch) {
        int to = Math.min(from + microBatch, trajectories.size());
        List<TokenIds> tokens = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (int i = from; i < to; i++) {
          tokens.add(trajectories.get(i).completion().tokens());
          answers.add(answer(request, weighted, i));
        }
        PolicyLoss loss = new PolicyLoss(request.objective(), request.scope(), answers);
        accumulator.add(prompt, tokens, loss::evaluate);
      }
    }
    return accumulator.shard(partition).without(failures);
  }

  private static Answer answer(GradientRequest request, WeightedGroup group, int index) {
    Trajectory trajectory = group.group().trajectories().get(index);
    double[] recorded = trajectory.oldLogProbs().toArray();
    double[] old =
        switch (request.oldPolicy()) {
          case CURRENT -> null;
          case RECORDED -> recorded;
          case MEASURED -> group.measured().get(index).toArray();
        };
    return new Answer(
        group.advantages().at(index),
        old,
        request.drawnBy() == GradientRequest.DrawnBy.OLDER_POLICY ? recorded : null,
        trajectory.completion().logProbs().toArray(),
        trajectory.reference().map(TokenValues::toArray).orElse(null),
        trajectory.countsIn(request.objective()) ? Answer.Mask.COUNTED : Answer.Mask.LEFT_OUT);
  }

  /**
   * Asks the network for the gradient of nothing, which stops before the backward pass, so that the
   * numbers are those the loss will see, to the bit.
   */
  GroupMeasurement measure(PolicyState state, double temperature, TrajectoryGroup group) {
    PolicyModel policy = policies.with(state);
    EncodedPrompt prompt;
    try {
      prompt = prompt(policy, group.sample());
    } catch (MedVolException e) {
      return GroupMeasurement.failed(UnreadableSample.reason(e));
    }
    List<TokenValues> logProbs = new ArrayList<>();
    List<TokenValues> entropies = new ArrayList<>();
    TokenObjective nothing =
        (found, foundEntropies) -> {
          for (int i = 0; i < found.length; i++) {
            logProbs.add(TokenValues.of(found[i]));
            entropies.add(TokenValues.of(foundEntropies[i]));
          }
          return Arrays.stream(found).map(row -> new double[row.length]).toArray(double[][]::new);
        };
    float[] unchanged = new float[policy.layout().size()];
    for (int from = 0; from < group.size(); from += microBatch) {
      List<TokenIds> tokens =
          group.trajectories().subList(from, Math.min(from + microBatch, group.size())).stream()
              .map(trajectory -> trajectory.completion().tokens())
              .toList();
      policy.accumulateGradient(prompt, tokens, temperature, nothing, unchanged);
    }
    return new GroupMeasurement(logProbs, entropies);
  }

  DemonstrationLoss validate(PolicyState state, Sample sample) {
    PolicyModel policy = policies.with(state);
    try (OpenSample open = task.open(sample)) {
      DemonstrationRow.Taught taught = taught(policy, open);
      double[] logProbs =
          policy.logProbs(taught.prompt(), List.of(taught.answer()), 1.0).get(0).toArray();
      return new DemonstrationLoss(-Arrays.stream(logProbs).sum(), logProbs.length);
    } catch (MedVolException e) {
      return DemonstrationLoss.failed(UnreadableSample.reason(e));
    }
  }

  GradientShard demonstrate(PolicyState state, int partition, List<? extends Sample> samples) {
    PolicyModel policy = policies.with(state);
    Accumulator accumulator = new Accumulator(policy, 1.0);
    List<SampleFailure> failures = new ArrayList<>();
    DemonstrationRow row = null;
    for (Sample sample : samples) {
      DemonstrationRow.Taught taught;
      try {
        taught = taught(policy, sample);
      } catch (MedVolException e) {
        failures.add(new SampleFailure(sample.id(), UnreadableSample.reason(e)));
        continue;
      }
      if (row == null || row.size() == microBatch || !row.add(taught, policy)) {
        accumulator.add(row);
        row = new DemonstrationRow(taught);
      }
    }
    accumulator.add(row);
    return accumulator.shard(partition).without(failures);
  }

  private DemonstrationRow.Taught taught(PolicyModel policy, Sample sample) {
    try (OpenSample open = task.open(sample)) {
      return taught(policy, open);
    }
  }

  /** The template may have begun the answer. */
  private static DemonstrationRow.Taught taught(PolicyModel policy, OpenSample open) {
    EncodedPrompt prompt = policy.encode(open.prompt());
    AnswerOpening opening = new AnswerOpening(policy.answerOpening(prompt));
    TokenIds text = policy.tokenize(opening.completion(open.demonstration()));
    return new DemonstrationRow.Taught(prompt, ended(text, policy));
  }

  private static TokenIds ended(TokenIds text, PolicyModel policy) {
    int[] ids = Arrays.copyOf(text.toArray(), text.length() + 1);
    ids[text.length()] = policy.endOfTurn();
    return TokenIds.of(ids);
  }

  private EncodedPrompt prompt(PolicyModel policy, Sample sample) {
    try (OpenSample open = task.open(sample)) {
      return policy.encode(open.prompt());
    }
  }

  /** The running sum of a partition. */
  private static final class Accumulator {
    private final PolicyModel policy;
    private final double temperature;
    private final float[] gradient;
    private ObjectiveSums sums = ObjectiveSums.ZERO;

    private Accumulator(PolicyModel policy, double temperature) {
      this.policy = policy;
      this.temperature = temperature;
      this.gradient = new float[policy.layout().size()];
    }

    private void add(DemonstrationRow row) {
      if (row != null) {
        add(row.head(), row.tails(), row::evaluate);
      }
    }

    private void add(
        EncodedPrompt prompt,
        List<TokenIds> completions,
        BiFunction<double[][], double[][], LossEvaluation> loss) {
      TokenObjective objective =
          (logProbs, entropies) -> {
            LossEvaluation evaluation = loss.apply(logProbs, entropies);
            sums = sums.plus(evaluation.sums());
            return evaluation.gradient();
          };
      policy.accumulateGradient(prompt, completions, temperature, objective, gradient);
    }

    private GradientShard shard(int partition) {
      return new GradientShard(partition, FloatVector.wrap(gradient), sums);
    }
  }
}
