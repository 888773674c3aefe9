package io.medvol.spark.cli;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.ModelExport;
import io.medvol.grpo.checkpoint.StandaloneModel;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.spark.hadoop.LocalModels;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.PolicyLocation;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a model directory of its own from a trained policy. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a trained policy as a model that any tool opens: the adapter merged into the"
            + " weights, the training state left out.",
    footer = {
      "",
      "Example: medvol export --model qwen3-vl --adapter runs/1/checkpoints/step-000100 --output"
          + " merged"
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PolicyOptions policy;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the model; made if absent, else it must be empty.")
  private String output;

  @Override
  public Integer call() throws IOException {
    PolicyLocation from = policy.location();
    String to = Storages.absolute(output);
    Storage storage = Storages.here(to);
    if (!storage.list(to).isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "--output is " + to + ", which is not empty; name a new folder.");
    }
    ModelDirectory model = ModelDirectory.open(LocalModels.of(from.model()));
    ModelExport.Files files = name -> storage.create(Storage.join(to, name));
    if (from.adapter().isPresent()) {
      try (SavedAdapter adapter = SavedAdapter.open(LocalModels.of(from.adapter().get()))) {
        StandaloneModel.write(model, adapter, files);
      }
    } else {
      StandaloneModel.write(model, files);
    }
    spec.commandLine().getOut().println("Model: " + to);
    return 0;
  }
}
