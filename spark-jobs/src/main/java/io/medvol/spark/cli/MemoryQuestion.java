package io.medvol.spark.cli;

import static io.medvol.spark.cli.MachineMemory.gibibytes;

import io.medvol.model.Policies;
import io.medvol.model.memory.MemoryEstimator;
import io.medvol.model.memory.ModelShape;
import io.medvol.model.memory.Workload;
import io.medvol.model.memory.Workload.Trained;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that describe a run, and the answer. */
final class MemoryQuestion {
  @Option(
      names = "--estimate",
      required = true,
      description = "Predict the peak memory of a rollout and of an update.")
  @SuppressWarnings("UnusedVariable") // That it is given is what asks.
  private boolean estimate;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model; its weights are not read.")
  private Path model;

  @Option(names = "--slices", paramLabel = "N", description = "Pictures in a prompt.")
  private int slices = 16;

  @Option(names = "--size", paramLabel = "PIXELS", description = "Rows and columns of a picture.")
  private int size = 448;

  @Option(names = "--text", paramLabel = "TOKENS", description = "Tokens of a prompt's text.")
  private int text = 256;

  @Option(names = "--group", paramLabel = "N", description = "Completions of a prompt.")
  private int group = 8;

  @Option(names = "--length", paramLabel = "TOKENS", description = "Longest completion.")
  private int length = 256;

  @Option(names = "--precision", paramLabel = "TYPE", description = "${COMPLETION-CANDIDATES}.")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--activation-checkpointing",
      paramLabel = "WHAT",
      description = "What a training pass keeps: ${COMPLETION-CANDIDATES}.")
  private ActivationCheckpointing checkpointing = ActivationCheckpointing.NONE;

  @Option(names = "--trained", paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}.")
  private Trained trained = Trained.ALL;

  @Option(names = "--rank", paramLabel = "R", description = "Rank of the adapter.")
  private int rank = 16;

  Finding rollout() {
    return finding("sampling of a group", estimator().rollout(workload()));
  }

  Finding update() {
    return finding("update by it", estimator().update(workload()));
  }

  private MemoryEstimator estimator() {
    return new MemoryEstimator(Policies.shape(model));
  }

  private Workload workload() {
    ModelShape shape = Policies.shape(model);
    ImageGrid grid = Policies.grid(model, size, size);
    int patches = Math.multiplyExact(slices, grid.patches());
    int tokens = patches / shape.vision().mergeUnit() + 2 * slices + text;
    boolean adapted = trained == Trained.ADAPTER || trained == Trained.ATTENTION_ADAPTER;
    return new Workload(
        tokens,
        patches,
        group,
        length,
        PolicyOptions.defaults().withPrecision(precision).withCheckpointing(checkpointing),
        trained,
        adapted ? shape.adapterParameters(rank, trained) : 0);
  }

  /** The Java heap is the user's choice and comes on top. */
  private static Finding finding(String what, long bytes) {
    long available = MachineMemory.available();
    String sentence = "The " + what + " takes about " + gibibytes(bytes) + " beside the Java heap";
    return bytes <= available
        ? Finding.good(sentence)
        : Finding.fault(
            sentence
                + ", and "
                + gibibytes(available)
                + " are available: use fewer or smaller slices, a shorter completion, an adapter"
                + " or bfloat16");
  }
}
