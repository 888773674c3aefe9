package io.medvol.spark.cli;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.shard.ShardManifest;
import io.medvol.data.storage.Storage;
import io.medvol.model.Policies;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.propagator.Propagators;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.PolicyLocation;
import io.medvol.spark.session.SparkSessions;
import java.io.IOException;
import java.nio.file.Path;

/** Looks at what a command was given before Spark starts, in the order of what is cheap to tell. */
final class Preflight {
  private Preflight() {}

  /**
   * Ends quietly if shards, model, adapter and segmenter can be read and tensors be computed with.
   *
   * @throws MedVolException for the first that cannot
   */
  static void require(MedVolConfig config, String shards, PolicyLocation policy) {
    requireShards(config, shards);
    requireModel(config, policy.model());
    policy.adapter().ifPresent(adapter -> requireAdapter(config, adapter));
    Propagators.weightsDigest(config.propagator());
    Policies.checkTensors();
  }

  static void requireShards(MedVolConfig config, String shards) {
    try {
      ShardManifest.read(SparkSessions.storage(shards, config.spark()), shards);
    } catch (IOException e) {
      throw unreadable("Shards " + shards, e);
    }
  }

  private static void requireModel(MedVolConfig config, String model) {
    if (Storages.isRemote(model)) {
      requireFile(config, model, "config.json", "model");
    } else {
      ModelDirectory.open(Path.of(model));
    }
  }

  private static void requireAdapter(MedVolConfig config, String adapter) {
    if (Storages.isRemote(adapter)) {
      requireFile(config, adapter, SavedAdapter.CONFIG_FILE, "adapter");
    } else {
      SavedAdapter.open(Path.of(adapter)).close();
    }
  }

  private static void requireFile(MedVolConfig config, String folder, String file, String what) {
    try {
      Storage storage = SparkSessions.storage(folder, config.spark());
      if (!storage.exists(Storage.join(folder, file))) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "There is no " + what + " at " + folder + ": " + file + " is missing.");
      }
    } catch (IOException e) {
      throw unreadable("The " + what + " " + folder, e);
    }
  }

  private static MedVolException unreadable(String what, IOException failure) {
    return new MedVolException(
        ErrorCode.RESOURCE, what + " cannot be read: " + failure.getMessage() + ".", failure);
  }
}
