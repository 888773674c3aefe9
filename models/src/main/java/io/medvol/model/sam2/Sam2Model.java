package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.model.policy.Precision;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * A SAM 2.1 video model with its weights, frozen. Threads may share it; {@link #close} frees the
 * weights, not the runtime.
 */
public final class Sam2Model implements AutoCloseable {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  private final Sam2Config config;
  private final TorchRuntime runtime;
  private final TensorScope scope;
  private final Sam2Weights weights;
  private final ImageEncoder imageEncoder;
  private final PromptEncoder promptEncoder;
  private final MaskDecoder maskDecoder;
  private final MemoryEncoder memoryEncoder;
  private final MemoryAttention memoryAttention;
  private final NDArray denseEncoding;
  private final NDArray memoryPositions;
  private final float[][] normalised;

  Sam2Model(Sam2Config config, TorchRuntime runtime, TensorScope scope, Sam2Weights weights) {
    this.config = config;
    this.runtime = runtime;
    this.scope = scope;
    this.weights = weights;
    this.normalised = normalised();
    try (TensorScope passing = runtime.storage()) {
      NDArray places = ImageEncoder.places(config, weights, passing.ops());
      this.imageEncoder =
          new ImageEncoder(config, weights, scope.keep(passing.ops().cast(places, type())));
    }
    this.promptEncoder = new PromptEncoder(config, weights);
    this.maskDecoder = new MaskDecoder(weights);
    this.memoryEncoder = new MemoryEncoder(config, weights);
    int grid = config.grid();
    int width = config.width();
    NDArray turns =
        scope.floats(
            Sines.rotations(width, grid, config.memoryAttention().ropeTheta()),
            (long) grid * grid,
            width / 2,
            2);
    Ops ops = scope.ops();
    this.memoryAttention =
        new MemoryAttention(config, weights, ops.cast(positions(width), type()), turns);
    this.memoryPositions = positions(config.memoryEncoder().width());
    this.denseEncoding = ops.cast(promptEncoder.denseEncoding(scope), type());
  }

  /**
   * Reads the weights of a model, a torch checkpoint ({@code .pt}) or a safetensors file.
   *
   * @param runtime must outlive the model
   * @throws MedVolException if the file is refused or holds another model
   */
  public static Sam2Model load(Sam2Config config, Path file, TorchRuntime runtime) {
    return load(config, file, Precision.FP32, runtime);
  }

  /**
   * Reads the weights of a model, a torch checkpoint ({@code .pt}) or a safetensors file.
   *
   * @param precision what the network computes in
   * @param runtime must outlive the model
   * @throws MedVolException if the file is refused or holds another model
   */
  public static Sam2Model load(
      Sam2Config config, Path file, Precision precision, TorchRuntime runtime) {
    try (TensorScope passing = runtime.storage()) {
      return load(config, file, Sam2Numbers.of(precision, passing.ops()), runtime);
    }
  }

  static Sam2Model load(Sam2Config config, Path file, Sam2Numbers numbers, TorchRuntime runtime) {
    TensorScope scope = runtime.storage();
    try {
      Sam2Weights weights = Sam2Weights.load(config, file, numbers, runtime, scope);
      return new Sam2Model(config, runtime, scope, weights);
    } catch (MedVolException e) {
      scope.close();
      throw e;
    }
  }

  public Sam2Config config() {
    return config;
  }

  /** What the layers compute in, and features and memories are held in. */
  DType type() {
    return weights.type();
  }

  /** Sine encoding of the coarsest map as a sequence, {@code [1][place][channel]}. */
  private NDArray positions(int channels) {
    int grid = config.grid();
    Ops ops = scope.ops();
    NDArray map = scope.floats(Sines.map(channels, grid), 1, channels, grid, grid);
    return ops.contiguous(MaskDecoder.sequence(map, ops));
  }

  /**
   * Grey values as the network's input.
   *
   * @param grey one slice, {@code [imageSize][imageSize]}
   * @return {@code [1][3][imageSize][imageSize]}
   */
  NDArray input(byte[] grey, TensorScope target) {
    int side = config.imageSize();
    if (grey.length != side * side) {
      throw new IllegalArgumentException(
          grey.length + " grey values are no slice of " + side + " by " + side);
    }
    float[] values = new float[3 * grey.length];
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < grey.length; i++) {
        values[channel * grey.length + i] = normalised[channel][grey[i] & 0xff];
      }
    }
    return target.floats(values, 1, 3, side, side);
  }

  /** What is computed of a slice alone, once for all tracks. */
  SliceView view(byte[] grey, TensorScope target) {
    Ops ops = target.ops();
    SliceFeatures features = imageEncoder.encode(input(grey, target), ops);
    NDArray top = ops.contiguous(features.top());
    NDArray begun = memoryAttention.begin(ops.contiguous(MaskDecoder.sequence(top, ops)), ops);
    return new SliceView(
        new SliceFeatures(ops.contiguous(features.finest()), ops.contiguous(features.fine()), top),
        ops.contiguous(begun));
  }

  /** SHA-256 of the configuration and the weights: models that share it compute the same. */
  String digest() {
    MessageDigest digest = Sha256.start();
    digest.update(config.toString().getBytes(StandardCharsets.UTF_8));
    weights.addTo(digest);
    return Sha256.hex(digest.digest());
  }

  /** In double, with mean and deviation that were rounded to float first, as MedSAM2 has it. */
  private static float[][] normalised() {
    float[][] table = new float[3][256];
    for (int channel = 0; channel < 3; channel++) {
      for (int grey = 0; grey < 256; grey++) {
        table[channel][grey] =
            (float) ((grey / 255.0 - MEAN[channel]) / (double) DEVIATION[channel]);
      }
    }
    return table;
  }

  TorchRuntime runtime() {
    return runtime;
  }

  Sam2Weights weights() {
    return weights;
  }

  ImageEncoder imageEncoder() {
    return imageEncoder;
  }

  PromptEncoder promptEncoder() {
    return promptEncoder;
  }

  MaskDecoder maskDecoder() {
    return maskDecoder;
  }

  MemoryEncoder memoryEncoder() {
    return memoryEncoder;
  }

  MemoryAttention memoryAttention() {
    return memoryAttention;
  }

  /** {@code [1][width][row][column]}. */
  NDArray denseEncoding() {
    return denseEncoding;
  }

  /** {@code [1][place][memory width]}. */
  NDArray memoryPositions() {
    return memoryPositions;
  }

  @Override
  public void close() {
    scope.close();
  }
}
