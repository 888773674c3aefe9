package io.medvol.model;

import ai.djl.engine.EngineException;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.image.ImageSize;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.memory.ModelShape;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.FrozenWeights;
import io.medvol.model.qwen.QwenPolicy;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.nio.file.Path;
import java.util.List;

/** Loads policies from folders in the layout of the Hugging Face hub. */
public final class Policies {
  private static final List<String> FAMILY = List.of("qwen2_vl", "qwen2_5_vl", "qwen3_vl");

  private Policies() {}

  /**
   * Loads a policy that computes with one thread, the choice where several tasks share a machine.
   *
   * @throws MedVolException INVALID_INPUT if a file is missing or the model is of an unknown kind,
   *     MALFORMED_DATA if its weights cannot be read
   */
  public static PolicyModel load(Path directory, TrainableParameters which) {
    return load(directory, which, 1);
  }

  /**
   * Loads a policy.
   *
   * @param threads that one operation may use. The number holds for every policy of the process,
   *     and results depend on it in their last bits.
   */
  public static PolicyModel load(Path directory, TrainableParameters which, int threads) {
    return load(directory, which, PolicyOptions.defaults(), threads);
  }

  /** {@link #load(Path, TrainableParameters, int)} that computes as the options say. */
  public static PolicyModel load(
      Path directory, TrainableParameters which, PolicyOptions options, int threads) {
    return QwenPolicy.load(open(directory, threads), which, options);
  }

  /**
   * {@link #load(Path, TrainableParameters, PolicyOptions, int)} with frozen weights in common with
   * other policies.
   */
  public static PolicyModel load(
      Path directory,
      TrainableParameters which,
      PolicyOptions options,
      FrozenWeights frozen,
      int threads) {
    return QwenPolicy.load(open(directory, threads), which, options, frozen);
  }

  /**
   * Loads a policy of which only a low-rank adapter is trained: {@link PolicyModel#layout} is the
   * adapter's, with peft's names, and parameters that are all zero are the model without it.
   *
   * @param adapter a fresh or a saved one; may be closed afterwards
   * @param threads as for {@link #load(Path, TrainableParameters, int)}
   * @throws MedVolException as {@link #load(Path, TrainableParameters)}, and INVALID_INPUT if the
   *     adapter does not fit the model
   */
  public static QwenPolicy loadAdapted(Path directory, AdapterSource adapter, int threads) {
    return loadAdapted(directory, adapter, PolicyOptions.defaults(), threads);
  }

  /** {@link #loadAdapted(Path, AdapterSource, int)} that computes as the options say. */
  public static QwenPolicy loadAdapted(
      Path directory, AdapterSource adapter, PolicyOptions options, int threads) {
    return QwenPolicy.load(open(directory, threads), adapter, options);
  }

  /**
   * {@link #loadAdapted(Path, AdapterSource, PolicyOptions, int)} with frozen weights in common
   * with other policies.
   */
  public static QwenPolicy loadAdapted(
      Path directory,
      AdapterSource adapter,
      PolicyOptions options,
      FrozenWeights frozen,
      int threads) {
    return QwenPolicy.load(open(directory, threads), adapter, options, frozen);
  }

  /**
   * The sizes of a model; loads no weights and no native library.
   *
   * @throws MedVolException INVALID_INPUT as {@link #load(Path, TrainableParameters)}
   */
  public static ModelShape shape(Path directory) {
    return QwenPolicy.shape(open(directory));
  }

  /**
   * The patches of a picture of this size once the model's image processor has resized it.
   *
   * @throws MedVolException INVALID_INPUT if the model's files or the size are not usable
   */
  public static ImageGrid grid(Path directory, int rows, int columns) {
    return ImageProcessor.open(open(directory)).grid(new ImageSize(rows, columns));
  }

  /**
   * Loads the native library and computes something with it; gives its name and version.
   *
   * @throws MedVolException RESOURCE if that fails
   */
  public static String checkTensors() {
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      float sum = Tensors.floats(scope.ops().sum(scope.floats(new float[] {1, 2}, 2), 0))[0];
      if (sum != 3) {
        throw new MedVolException(ErrorCode.RESOURCE, "The native tensor library computes wrongly");
      }
      return TorchRuntime.version();
    } catch (EngineException | UnsatisfiedLinkError e) {
      throw unusable(e);
    }
  }

  static MedVolException unusable(Throwable failure) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "The native tensor library cannot be loaded ("
            + failure.getMessage()
            + "): it needs Linux on x86-64, glibc 2.28 and a DJL_CACHE_DIR (by default ~/.djl.ai) that can be"
            + " written and has 450 MB of space",
        failure);
  }

  private static ModelDirectory open(Path directory, int threads) {
    ModelDirectory model = open(directory);
    TorchRuntime.setIntraOpThreads(threads);
    return model;
  }

  private static ModelDirectory open(Path directory) {
    ModelDirectory model = ModelDirectory.open(directory);
    if (!FAMILY.contains(model.modelType())) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          directory
              + " is a model of type \""
              + model.modelType()
              + "\": expected one of "
              + FAMILY);
    }
    return model;
  }
}
