package io.medvol.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteOrder;

/**
 * Owns the tensors made in it and frees them on {@link #close}, the only way native memory is
 * freed. Not for use by several threads at once.
 */
public final class TensorScope implements AutoCloseable {
  private final TorchRuntime runtime;
  private final PtNDManager manager;
  private final Ops ops;
  private final GradientMode mode;
  private final boolean previousMode;

  /**
   * @param mode the calling thread's until this scope closes; null leaves the thread alone
   */
  TensorScope(TorchRuntime runtime, PtNDManager manager, GradientMode mode) {
    this.runtime = runtime;
    this.manager = manager;
    this.ops = new Ops(runtime.operations(), manager);
    this.mode = mode;
    this.previousMode = mode != null && JniUtils.isGradMode();
    if (mode != null) {
      JniUtils.setGradMode(mode == GradientMode.RECORD);
      // Specialising on shapes costs more than it gains: they change with every prompt.
      JniUtils.setGraphExecutorOptimize(false);
    }
  }

  /** A scope inside this one, freed with it or earlier; for the tensors of one step. */
  public TensorScope child() {
    return new TensorScope(runtime, (PtNDManager) manager.newSubManager(), null);
  }

  /** The operations; their results belong to this scope. */
  public Ops ops() {
    return ops;
  }

  /** A copy of the values as float32, row-major, aligned for vector instructions. */
  public NDArray floats(float[] values, long... shape) {
    NDArray tensor = ops.empty(DType.F32, shape);
    requireSize(tensor, values.length);
    tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().put(values);
    return tensor;
  }

  /** A copy of the values as int64, row-major. */
  public NDArray longs(long[] values, long... shape) {
    NDArray tensor = ops.empty(DType.I64, shape);
    requireSize(tensor, values.length);
    tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asLongBuffer().put(values);
    return tensor;
  }

  /** A copy of the values as int64, one axis. */
  public NDArray indices(int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return longs(wide, wide.length);
  }

  /** Takes a tensor over from the scope that owns it. */
  public NDArray keep(NDArray tensor) {
    tensor.attach(manager);
    return tensor;
  }

  private static void requireSize(NDArray tensor, int values) {
    if (tensor.size() != values) {
      throw new IllegalArgumentException(values + " values do not fill " + tensor.getShape());
    }
  }

  @Override
  public void close() {
    if (mode != null) {
      JniUtils.setGradMode(previousMode);
    }
    manager.close();
  }
}
