package io.medvol.spark.job;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.grpo.checkpoint.AdapterExport;
import io.medvol.grpo.checkpoint.HubModelExport;
import io.medvol.grpo.checkpoint.ModelExport;
import io.medvol.grpo.config.PeftConfig;
import io.medvol.model.Policies;
import io.medvol.model.PolicySource;
import io.medvol.model.directory.ModelDigests;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.spark.config.PolicyConfig;
import io.medvol.spark.hadoop.LocalModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What the driver knows of a policy before any step: how a worker holds it, and the values that
 * training moves, which for an adapter are the adapter's alone.
 *
 * @param source what workers load
 * @param files of the model
 * @param layout of the values
 * @param initial the values
 * @param export writes such values as a checkpoint
 * @param peft settings of the adapter, or none
 */
record LoadedPolicy(
    PolicySource source,
    ModelDigests files,
    ParameterLayout layout,
    PolicyState initial,
    ModelExport export,
    PeftConfig peft) {

  /** A policy that is not going to be trained by an adapter it does not have. */
  static LoadedPolicy open(PolicyLocation at, PolicyConfig config) {
    return open(at, config, PeftConfig.defaults(), 0);
  }

  /**
   * Loads a policy once to learn its values.
   *
   * @param peft whether a fresh adapter is trained where the location names none
   * @param seed of the fresh adapter
   * @throws MedVolException INVALID_CONFIG if the adapter at the location has other settings than
   *     those that are asked for
   */
  static LoadedPolicy open(PolicyLocation at, PolicyConfig policy, PeftConfig peft, long seed) {
    if (at.adapter().isPresent()) {
      try (SavedAdapter adapter = SavedAdapter.open(LocalModels.of(at.adapter().get()))) {
        requireSame(at.adapter().get(), adapter.config(), peft);
        return adapted(at.model(), adapter, policy.options());
      }
    }
    return peft.adapter()
        .map(config -> adapted(at.model(), new FreshAdapter(config, seed), policy.options()))
        .orElseGet(() -> whole(at.model(), policy));
  }

  private static LoadedPolicy whole(String model, PolicyConfig config) {
    Path base = LocalModels.of(model);
    try (PolicyModel policy = Policies.load(base, config.trainable())) {
      return new LoadedPolicy(
          new PolicySource(model, new PolicySource.Weights(config.trainable()), config.options()),
          ModelDigests.of(base),
          policy.layout(),
          PolicyState.of(0, policy.parameters()),
          new HubModelExport(ModelDirectory.open(base), policy.layout()),
          PeftConfig.defaults());
    }
  }

  private static LoadedPolicy adapted(String model, AdapterSource adapter, PolicyOptions options) {
    Path base = LocalModels.of(model);
    try (PolicyModel policy = Policies.loadAdapted(base, adapter, options, 1)) {
      LoraConfig config = adapter.config();
      return new LoadedPolicy(
          new PolicySource(model, new PolicySource.Adapter(config), options),
          ModelDigests.of(base),
          policy.layout(),
          PolicyState.of(0, policy.parameters()),
          new AdapterExport(config, model, policy.layout()),
          PeftConfig.of(config));
    }
  }

  private static void requireSame(String folder, LoraConfig saved, PeftConfig asked) {
    boolean other =
        asked
            .adapter()
            .filter(config -> !PeftConfig.of(config).equals(PeftConfig.of(saved)))
            .isPresent();
    if (other) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The adapter "
              + folder
              + " has r "
              + saved.rank()
              + ", lora-alpha "
              + saved.alpha()
              + " and target-modules "
              + saved.targets().words()
              + ", but peft asks for r "
              + asked.r()
              + ", lora-alpha "
              + asked.loraAlpha()
              + " and target-modules "
              + asked.targetModules()
              + "; leave peft out, since an adapter brings its own settings.");
    }
  }

  /** Where a checkpoint of this policy is found again. */
  PolicyLocation at(String checkpoint) {
    return source.trained() instanceof PolicySource.Adapter
        ? PolicyLocation.of(source.model(), checkpoint)
        : PolicyLocation.of(checkpoint);
  }

  /** Names the model and the values training begins with. */
  String digest() {
    return Sha256.of((files.digest() + initial.digest()).getBytes(StandardCharsets.UTF_8));
  }
}
