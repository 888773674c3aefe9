package io.medvol.model.tensor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The tensor engine of one model: the operations and the root of its native memory. Threads may
 * share it, each with scopes of its own. {@link #close} frees everything that was made in it.
 */
public final class TorchRuntime implements AutoCloseable {
  private final PtNDManager root;
  private final TorchModule operations;

  private TorchRuntime(PtNDManager root, TorchModule operations) {
    this.root = root;
    this.operations = operations;
  }

  public static TorchRuntime open() {
    PtNDManager root = (PtNDManager) NDManager.newBaseManager(PtEngine.ENGINE_NAME);
    return new TorchRuntime(root, new TorchModule(wholeSource()));
  }

  /** Name and version of the native library. */
  public static String version() {
    Engine engine = Engine.getEngine(PtEngine.ENGINE_NAME);
    return engine.getEngineName() + " " + engine.getVersion();
  }

  /** Where tensors are unless a caller says otherwise, such as {@code cpu}. */
  public static String device() {
    return Engine.getEngine(PtEngine.ENGINE_NAME).defaultDevice().getDeviceType();
  }

  /**
   * Threads one operation may use. The number is the whole process's, and results depend on it in
   * their last bits, so it is set once, by whoever owns the process; 1 where tasks run in parallel.
   */
  public static void setIntraOpThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("An operation needs at least 1 thread, not " + threads);
    }
    Engine.getEngine(PtEngine.ENGINE_NAME);
    JniUtils.setNumThreads(threads);
  }

  /**
   * A scope for computing on the calling thread, which must close it: until then gradients are
   * recorded, or not, as said.
   */
  public TensorScope compute(GradientMode mode) {
    return new TensorScope(this, subManager(), mode);
  }

  /** A scope for tensors that stay, such as weights; any thread may close it. */
  public TensorScope storage() {
    return new TensorScope(this, subManager(), null);
  }

  /** Tensors that are alive directly under this runtime or in any of its open scopes. */
  public int liveTensors() {
    return root.getManagedArrays().size();
  }

  PtNDManager subManager() {
    return root.newSubManager(root.getDevice());
  }

  TorchModule operations() {
    return operations;
  }

  /** Text of the operations; the layers of single networks stand in files of their own. */
  static String source() {
    return text("ops.torchscript");
  }

  /** Text of the operations and of the layers. */
  static String wholeSource() {
    return source() + text("sam2.torchscript") + text("sam2_training.torchscript");
  }

  private static String text(String name) {
    try (InputStream text = TorchRuntime.class.getResourceAsStream(name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    root.close();
    operations.close();
  }
}
