package io.medvol.model;

import io.medvol.data.error.MedVolException;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.FrozenWeights;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a policy's model lies and what of it is trained: all that a machine needs to hold it. The
 * trained values travel apart from it. Immutable.
 *
 * @param model folder of the model, under the same path on every machine
 * @param trained what its {@code ParameterLayout} covers
 * @param options how it computes
 */
public record PolicySource(String model, Trained trained, PolicyOptions options)
    implements Serializable {
  public PolicySource {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(trained, "trained");
    Objects.requireNonNull(options, "options");
  }

  /** What of a model is trained. */
  public sealed interface Trained extends Serializable {}

  /** Weights of its own. */
  public record Weights(TrainableParameters which) implements Trained {
    public Weights {
      Objects.requireNonNull(which, "which");
    }
  }

  /** A low-rank adapter; the weights of the model stay as they are. */
  public record Adapter(LoraConfig config) implements Trained {
    public Adapter {
      Objects.requireNonNull(config, "config");
    }
  }

  /**
   * Loads the policy, one thread to an operation; an adapter changes nothing until it is given
   * values.
   *
   * @throws MedVolException as {@link Policies#load(Path, TrainableParameters)}
   */
  public PolicyModel load() {
    Path folder = Path.of(model);
    return trained instanceof Adapter adapter
        ? Policies.loadAdapted(folder, fresh(adapter), options, 1)
        : Policies.load(folder, ((Weights) trained).which(), options, 1);
  }

  /** {@link #load()} with the weights that are not trained in common with other policies. */
  public PolicyModel load(FrozenWeights frozen) {
    Path folder = Path.of(model);
    return trained instanceof Adapter adapter
        ? Policies.loadAdapted(folder, fresh(adapter), options, frozen, 1)
        : Policies.load(folder, ((Weights) trained).which(), options, frozen, 1);
  }

  private static FreshAdapter fresh(Adapter adapter) {
    return new FreshAdapter(adapter.config(), 0);
  }
}
