package io.medvol.grpo.segment;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.grpo.checkpoint.RunOrigin;
import io.medvol.grpo.checkpoint.SamplerCursor;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.optim.AdamW;
import io.medvol.grpo.optim.LearningRateSchedule;
import io.medvol.grpo.optim.OptimizerState;
import io.medvol.grpo.optim.PolicyOptimizer;
import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.model.MachineKind;
import io.medvol.model.directory.ModelDigests;
import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.sam2.train.LossReport;
import io.medvol.model.sam2.train.LossWeights;
import io.medvol.model.sam2.train.SegmenterWeights;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Trains a segmenter from its recipe, stage by stage; run again, it goes on from the newest
 * checkpoint. Equal recipes give equal weights, interrupted or not, where an operation uses one
 * thread.
 */
public final class SegmenterTrainer {
  private static final int REPORT_STEPS = 10;
  private static final int KEPT_CHECKPOINTS = 3;
  private static final int BRIDGE_SLICES = 32;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final SegmenterConfig config;
  private final Sam2Config network;
  private final SegmenterWeights weights;
  private final CheckpointStore checkpoints;
  private final MetricsSink metrics;

  /**
   * @param config a run resumes only under the same one
   * @param folder of the checkpoints
   */
  public SegmenterTrainer(
      SegmenterConfig config, Storage storage, String folder, MetricsSink metrics) {
    this.config = config;
    this.network = config.network().sam2();
    this.weights = SegmenterWeights.initial(network, config.seed());
    this.checkpoints =
        new CheckpointStore(
            storage, folder, new SegmenterExport(network, weights), KEPT_CHECKPOINTS);
    this.metrics = metrics;
  }

  /**
   * Runs the steps that are left.
   *
   * @return folder of the last checkpoint, with the network's {@code config.yaml} and {@code
   *     model.safetensors}
   * @throws MedVolException (INVALID_CONFIG) if the folder holds another recipe's checkpoint, or
   *     the training diverges
   */
  public String train() {
    PolicyState initial = PolicyState.of(0, weights.parameters());
    TrainingState state = resume(initial);
    try (StepGradient gradients = new StepGradient(config, network, weights)) {
      Window window = new Window();
      while (state.step() < config.steps()) {
        state = step(begun(state, gradients), gradients, window);
        if (state.step() % config.saveSteps() == 0 || state.step() == config.steps()) {
          checkpoints.save(state);
        }
      }
    }
    return checkpoints.path(config.steps());
  }

  private TrainingState resume(PolicyState initial) {
    EffectiveConfig<SegmenterConfig> recipe = new EffectiveConfig<>(config);
    RunOrigin origin =
        new RunOrigin(
            recipe.digest(),
            initial.digest(),
            recipe.settingsWithout(List.of()),
            ModelDigests.none(),
            new TreeSet<>(Set.of(MachineKind.here().toString())));
    TrainingState state =
        checkpoints.newest().orElseGet(() -> TrainingState.start(initial, origin));
    state.origin().requireSame(origin, MachineRule.SAME);
    metrics.discardFrom(state.step());
    return state;
  }

  /** The stage of a step, and the step the stage begins with. */
  private record Place(SegmenterStage stage, int begin) {
    double progress(int step) {
      return Math.min(1, (step - begin) / (double) stage.scheduleSteps());
    }

    LossWeights losses(int step) {
      double balance = stage.balance() + (stage.finalBalance() - stage.balance()) * progress(step);
      return new LossWeights(balance, 1, stage.presence());
    }
  }

  private Place place(int step) {
    int begin = 0;
    for (SegmenterStage stage : config.stages()) {
      if (step < begin + stage.steps()) {
        return new Place(stage, begin);
      }
      begin += stage.steps();
    }
    throw new IllegalArgumentException("The recipe has no step " + step);
  }

  /** The state as a stage finds it: the optimizer remembers nothing of the stage before. */
  private TrainingState begun(TrainingState state, StepGradient gradients) {
    int step = state.step();
    if (step == 0 || place(step).begin() != step) {
      return state;
    }
    PolicyState policy = state.policy();
    if (place(step - 1).stage().stillsOnly() && !place(step).stage().stillsOnly()) {
      float[] parameters = policy.parameters().array();
      SegmenterStage stills = new SegmenterStage(1, 0, 2, BRIDGE_SLICES, 1, 0, 1, 1, 0, 0, 0);
      float[] crossed =
          StageBridge.cross(
              parameters,
              SegmenterWeights.initial(network, config.seed() + 1),
              gradients.featureStatistics(parameters, stills));
      policy = PolicyState.of(policy.version(), crossed);
    }
    return new TrainingState(
        step,
        policy,
        state.rolloutPolicy(),
        OptimizerState.zero(policy.parameters().length()),
        state.cursor(),
        state.counters(),
        state.best(),
        state.origin());
  }

  private TrainingState step(TrainingState before, StepGradient gradients, Window window) {
    int step = before.step();
    Place place = place(step);
    StepGradient.Sum sum =
        gradients.at(
            before.policy().parameters().array(),
            place.stage(),
            step,
            place.losses(step),
            step + 1 < config.steps() ? place(step + 1).stage() : null);
    Update update =
        optimizer(place.stage())
            .update(
                before.policy(),
                before.optimizer(),
                FloatVector.wrap(sum.gradient()),
                1,
                step - place.begin());
    if (update instanceof Update.Skipped) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "Training diverged: the gradient of step "
              + step
              + " is not finite. Lower the stage's learning-rate.");
    }
    window.add(sum.report(), update);
    if ((step + 1) % REPORT_STEPS == 0 || step + 1 == config.steps()) {
      metrics.record(step, window.flush());
    }
    return before.after(update).next(SamplerCursor.START, 0);
  }

  private PolicyOptimizer optimizer(SegmenterStage stage) {
    return new PolicyOptimizer(
        new AdamW(weights.layout(), BETA1, BETA2, EPSILON, config.weightDecay()),
        new LearningRateSchedule(
            SchedulerType.COSINE_WITH_MIN_LR,
            stage.scheduleSteps(),
            stage.warmupSteps(),
            0.5,
            stage.minLrRate()),
        stage.learningRate(),
        config.maxGradNorm());
  }

  /** Means over the steps since the last report. */
  private static final class Window {
    private LossReport sum = LossReport.NONE;
    private double gradNorm;
    private int steps;
    private long began = System.nanoTime();

    void add(LossReport report, Update update) {
      sum = sum.plus(report);
      gradNorm += update.gradNorm();
      steps++;
    }

    Map<String, Object> flush() {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("loss", sum.loss() / steps);
      values.put("prompted/dice_loss", sum.prompted().meanDice());
      if (sum.tracked().weight() > 0) {
        values.put("tracked/dice_loss", sum.tracked().meanDice());
        values.put("tracked/presence_loss", sum.tracked().meanPresence());
      }
      values.put("grad_norm", gradNorm / steps);
      values.put("step_time", (System.nanoTime() - began) / 1e9 / steps);
      values.values().removeIf(v -> v instanceof Double d && !Double.isFinite(d));
      sum = LossReport.NONE;
      gradNorm = 0;
      steps = 0;
      began = System.nanoTime();
      return values;
    }
  }
}
