package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.shard.ShardDataset;
import io.medvol.model.PolicySource;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.model.propagator.Propagators;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.rollout.prompt.ShardSlices;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.reward.LocalisationScorer;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.worker.PolicyStepWorker;
import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.util.Objects;

/**
 * Opens the worker of a vision-language policy on prepared shards.
 *
 * @param policy what to load; its values come with each request
 * @param shards folder of the prepared data set
 * @param rewards what an answer is scored by
 * @param propagator what carries boxes through a scan; a worker has one of its own
 * @param microBatch most answers that are differentiated together
 */
public record PolicyWorkerFactory(
    PolicySource policy,
    String shards,
    RewardConfig rewards,
    PropagatorConfig propagator,
    int microBatch)
    implements StepWorkerFactory {
  public PolicyWorkerFactory {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(shards, "shards");
    Objects.requireNonNull(rewards, "rewards");
    Objects.requireNonNull(propagator, "propagator");
  }

  @Override
  public StepWorker open() {
    ShardDataset dataset = dataset();
    MaskPropagator segmenter = Propagators.open(propagator);
    boolean opened = false;
    try {
      StepWorker worker = worker(dataset, segmenter);
      opened = true;
      return worker;
    } finally {
      if (!opened) {
        segmenter.close();
      }
    }
  }

  private StepWorker worker(ShardDataset dataset, MaskPropagator segmenter) {
    PolicyModel model = policy.load();
    return new PolicyStepWorker(
        model,
        new LocalisationTask(
            new ShardSlices(dataset),
            new SlicePromptBuilder(WindowedSlices.softTissue()),
            new LocalisationScorer(new LocalisationRewards(rewards, segmenter)),
            segmenter),
        microBatch);
  }

  /** The data set the worker reads. */
  public ShardDataset dataset() {
    try {
      return ShardDataset.open(Storages.here(shards), shards);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Shards " + shards + " cannot be read: " + e.getMessage() + ".", e);
    }
  }
}
