package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.shard.ShardDataset;
import io.medvol.model.PolicySource;
import io.medvol.model.directory.ModelDigests;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.model.propagator.Propagators;
import io.medvol.model.qwen.FrozenWeights;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.choice.ChoiceConfig;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.rollout.prompt.BoxScale;
import io.medvol.rollout.prompt.Demonstration;
import io.medvol.rollout.prompt.DemonstrationConfig;
import io.medvol.rollout.prompt.ShardSlices;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.reward.LocalisationScorer;
import io.medvol.rollout.task.ChoiceTask;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.worker.PolicyStepWorker;
import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.rollout.worker.StepWorkerSource;
import io.medvol.spark.hadoop.LocalModels;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Opens the worker of a vision-language policy on prepared shards.
 *
 * @param policy what to load; its values come with each request
 * @param files what the driver found there; a machine that finds others is refused
 * @param shards folder of the prepared data set
 * @param dataDigest what the driver found there; empty before it has looked
 * @param rewards what evidence in a volume is scored by
 * @param propagator what carries boxes through a scan; a worker has one of its own
 * @param choice how multiple-choice questions are asked and scored
 * @param demonstrations what is taught about volumes
 * @param microBatch most answers that are differentiated together
 */
public record PolicyWorkerFactory(
    PolicySource policy,
    ModelDigests files,
    String shards,
    String dataDigest,
    RewardConfig rewards,
    PropagatorConfig propagator,
    ChoiceConfig choice,
    DemonstrationConfig demonstrations,
    int microBatch)
    implements StepWorkerFactory {
  public PolicyWorkerFactory {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(files, "files");
    Objects.requireNonNull(shards, "shards");
    Objects.requireNonNull(dataDigest, "dataDigest");
    Objects.requireNonNull(rewards, "rewards");
    Objects.requireNonNull(propagator, "propagator");
    Objects.requireNonNull(choice, "choice");
    Objects.requireNonNull(demonstrations, "demonstrations");
  }

  @Override
  public StepWorker open() {
    PolicySource here = here();
    return open(here, here::load, listed());
  }

  /** Workers with one copy of the weights that are not trained, and each shard verified once. */
  @Override
  public StepWorkerSource source() {
    PolicySource here = here();
    ShardDataset dataset = listed();
    FrozenWeights frozen = FrozenWeights.open();
    return new StepWorkerSource() {
      @Override
      public StepWorker open() {
        return PolicyWorkerFactory.this.open(here, () -> here.load(frozen), dataset);
      }

      @Override
      public void close() {
        frozen.close();
      }
    };
  }

  /** The policy from this machine's disk. */
  private PolicySource here() {
    return new PolicySource(
        LocalModels.of(policy.model(), files).toString(), policy.trained(), policy.options());
  }

  private StepWorker open(PolicySource here, Supplier<PolicyModel> loading, ShardDataset dataset) {
    ModelDirectory folder = ModelDirectory.open(Path.of(here.model()));
    Task task = task(dataset, BoxScale.of(folder, here.options().prompts()));
    boolean opened = false;
    try {
      PolicyModel model = loading.get();
      opened = true;
      return new PolicyStepWorker(model, task, microBatch);
    } finally {
      if (!opened) {
        task.close();
      }
    }
  }

  /** The task alone, without a policy, for answers in thousandths; the caller closes it. */
  public Task openTask() {
    return task(listed(), BoxScale.THOUSANDTHS);
  }

  /** Questions with options are asked about pictures, all others about volumes. */
  private Task task(ShardDataset dataset, BoxScale scale) {
    ShardSlices slices = new ShardSlices(dataset);
    if (isChoice(dataset)) {
      return new ChoiceTask(slices, choice);
    }
    MaskPropagator segmenter = Propagators.open(propagator);
    return new LocalisationTask(
        slices,
        new SlicePromptBuilder(WindowedSlices.softTissue(), rewards.responseForm(), scale),
        new LocalisationScorer(new LocalisationRewards(rewards, segmenter), scale),
        segmenter,
        new Demonstration(demonstrations, rewards.responseForm(), scale));
  }

  /** The settings that decide what an answer to this data set earns. */
  public Record taskSettings(ShardDataset dataset) {
    return isChoice(dataset) ? choice : rewards;
  }

  /** Weight of each reward term of this data set. */
  public Map<String, Double> rewardWeights(ShardDataset dataset) {
    return isChoice(dataset) ? choice.weights() : rewards.weights();
  }

  private static boolean isChoice(ShardDataset dataset) {
    return dataset.samples().stream().anyMatch(ChoiceSample.class::isInstance);
  }

  /** The data set as the driver finds it: all shards are there, with the lengths listed. */
  public ShardDataset dataset() {
    return dataset(shards);
  }

  /** The same before there is a policy. */
  public static ShardDataset dataset(String shards) {
    try {
      ShardDataset dataset = ShardDataset.open(Storages.here(shards), shards);
      dataset.requireComplete();
      return dataset;
    } catch (IOException e) {
      throw unreadable(shards, e);
    }
  }

  /** A factory whose workers refuse every other data set. */
  public PolicyWorkerFactory on(ShardDataset dataset) {
    return new PolicyWorkerFactory(
        policy,
        files,
        shards,
        dataset.manifest().digest(),
        rewards,
        propagator,
        choice,
        demonstrations,
        microBatch);
  }

  private ShardDataset listed() {
    try {
      ShardDataset dataset = ShardDataset.open(Storages.here(shards), shards);
      String found = dataset.manifest().digest();
      if (!dataDigest.isEmpty() && !found.equals(dataDigest)) {
        throw new MedVolException(
            ErrorCode.DAMAGED_DATA,
            "The data set in "
                + shards
                + " is another than when this command began (digest "
                + found
                + ", was "
                + dataDigest
                + "). Run the command again.");
      }
      return dataset;
    } catch (IOException e) {
      throw unreadable(shards, e);
    }
  }

  private static MedVolException unreadable(String shards, IOException cause) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Shards " + shards + " cannot be read: " + cause.getMessage() + ".",
        cause);
  }
}
