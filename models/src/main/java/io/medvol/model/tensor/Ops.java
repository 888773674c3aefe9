package io.medvol.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.List;

/**
 * Tensor operations with PyTorch's semantics, differentiable unless said. Every result belongs to
 * the scope this came from, whatever scope its arguments belong to. Axes may count from the end
 * (-1).
 *
 * <p>They replace DJL's own methods because those attach a result to the manager of the receiver
 * (weights would collect them), lack most of these operations, and end the process on bfloat16.
 */
public final class Ops {
  private final TorchModule module;
  private final PtNDManager owner;
  private final ImageOps image;

  Ops(TorchModule module, PtNDManager owner) {
    this.module = module;
    this.owner = owner;
    this.image = new ImageOps(this);
  }

  /** Operations on pictures, {@code [batch][channel][row][column]}. */
  public ImageOps image() {
    return image;
  }

  /**
   * Calls a method of {@code ops.torchscript} by name: for whole layers, whose typed form belongs
   * to the network that uses them. Arguments: tensors, lists of tensors, int, long, double,
   * boolean, String, long[].
   */
  public NDArray call(String method, Object... arguments) {
    return module.tensor(owner, method, arguments);
  }

  /** {@link #call} for a method that gives several tensors. */
  public List<NDArray> callForList(String method, Object... arguments) {
    return module.tensors(owner, method, arguments);
  }

  // Element by element, with broadcasting.

  public NDArray add(NDArray a, NDArray b) {
    return call("add", a, b);
  }

  public NDArray sub(NDArray a, NDArray b) {
    return call("sub", a, b);
  }

  public NDArray mul(NDArray a, NDArray b) {
    return call("mul", a, b);
  }

  public NDArray div(NDArray a, NDArray b) {
    return call("div", a, b);
  }

  /** {@code x * factor + offset}. */
  public NDArray affine(NDArray x, double factor, double offset) {
    return call("affine", x, factor, offset);
  }

  public NDArray exp(NDArray x) {
    return call("exp", x);
  }

  public NDArray cos(NDArray x) {
    return call("cos", x);
  }

  public NDArray sin(NDArray x) {
    return call("sin", x);
  }

  public NDArray sigmoid(NDArray x) {
    return call("sigmoid", x);
  }

  public NDArray relu(NDArray x) {
    return call("relu", x);
  }

  /** {@code x * sigmoid(x)}. */
  public NDArray silu(NDArray x) {
    return call("silu", x);
  }

  /** {@code x * Phi(x)} with the exact normal distribution. */
  public NDArray gelu(NDArray x) {
    return call("gelu", x);
  }

  /** GELU by its tanh approximation. */
  public NDArray geluTanh(NDArray x) {
    return call("gelu_tanh", x);
  }

  public NDArray clamp(NDArray x, double low, double high) {
    return call("clamp", x, low, high);
  }

  /** The value where the boolean mask holds, else x. */
  public NDArray maskedFill(NDArray x, NDArray mask, double value) {
    return call("masked_fill", x, mask, value);
  }

  /** a where the condition holds, else b. */
  public NDArray where(NDArray condition, NDArray a, NDArray b) {
    return call("where", condition, a, b);
  }

  /** Boolean: {@code x > bound}; not differentiable. */
  public NDArray greater(NDArray x, double bound) {
    return call("greater", x, bound);
  }

  // Reductions.

  public NDArray softmax(NDArray x, int axis) {
    return call("softmax", x, axis);
  }

  public NDArray logSoftmax(NDArray x, int axis) {
    return call("log_softmax", x, axis);
  }

  /** Sum over axes, which disappear. */
  public NDArray sum(NDArray x, long... axes) {
    return call("sum", x, axes, false);
  }

  /** Mean over axes, which stay with length 1. */
  public NDArray meanKeep(NDArray x, long... axes) {
    return call("mean", x, axes, true);
  }

  /** Largest value over axes, which disappear. */
  public NDArray max(NDArray x, long... axes) {
    return call("amax", x, axes, false);
  }

  /** Index of the first largest value; not differentiable. */
  public NDArray argmax(NDArray x, int axis) {
    return call("argmax", x, axis);
  }

  public NDArray cumsum(NDArray x, int axis) {
    return call("cumsum", x, axis);
  }

  // Shape.

  public NDArray cat(List<NDArray> parts, int axis) {
    return call("cat", parts, axis);
  }

  public NDArray stack(List<NDArray> parts, int axis) {
    return call("stack", parts, axis);
  }

  /** One size may be -1; a view where the layout allows it. */
  public NDArray reshape(NDArray x, long... shape) {
    return call("reshape", x, shape);
  }

  /** A view with its axes in another order. */
  public NDArray permute(NDArray x, long... axes) {
    return call("permute", x, axes);
  }

  /** A view that repeats axes of length 1. */
  public NDArray expand(NDArray x, long... shape) {
    return call("expand", x, shape);
  }

  /** A view of {@code start .. start + length} along an axis. */
  public NDArray narrow(NDArray x, int axis, long start, long length) {
    return call("narrow", x, axis, start, length);
  }

  public NDArray flip(NDArray x, long... axes) {
    return call("flip", x, axes);
  }

  /** Widths: before and after, of the last axis first. */
  public NDArray pad(NDArray x, double value, long... widths) {
    return call("pad", x, widths, value);
  }

  public NDArray contiguous(NDArray x) {
    return call("contiguous", x);
  }

  // Making and copying.

  /** Uninitialised, aligned to 64 bytes. */
  public NDArray empty(DType type, long... shape) {
    return call("empty", shape, type.torchCode());
  }

  public NDArray zeros(DType type, long... shape) {
    return call("zeros", shape, type.torchCode());
  }

  /** int64 {@code start .. end-1}. */
  public NDArray arange(long start, long end) {
    return call("arange", start, end);
  }

  public NDArray cast(NDArray x, DType type) {
    return call("to_dtype", x, type.torchCode());
  }

  public DType typeOf(NDArray x) {
    return DType.ofTorchCode(module.integer("dtype_of", x));
  }

  /** Overwrites the target in place, converting the type; record no gradients while doing so. */
  public void copyInto(NDArray target, NDArray source) {
    call("copy_", target, source).close();
  }

  /** A file's bytes, mapped privately: writes to the tensor never reach the file. */
  public NDArray mapFile(String file, long bytes) {
    return call("from_file", file, bytes);
  }

  /**
   * The storage of a tensor seen as another type, without copying.
   *
   * @param offset of the first element, in elements of the new type
   * @param strides in elements; empty for row-major
   */
  public NDArray reinterpret(
      NDArray storage, long offset, DType type, long[] shape, long[] strides) {
    return call("set_view", storage, offset, type.torchCode(), shape, strides);
  }

  // Linear algebra, tables, normalisation, attention.

  public NDArray matmul(NDArray a, NDArray b) {
    return call("matmul", a, b);
  }

  /** {@code x W^T}, W {@code [out][in]}. */
  public NDArray linear(NDArray x, NDArray weight) {
    return call("linear", x, weight);
  }

  /** {@code x W^T + b}. */
  public NDArray linear(NDArray x, NDArray weight, NDArray bias) {
    return call("linear_bias", x, weight, bias);
  }

  public NDArray embedding(NDArray table, NDArray ids) {
    return call("embedding", table, ids);
  }

  public NDArray gather(NDArray x, int axis, NDArray ids) {
    return call("gather", x, axis, ids);
  }

  public NDArray indexSelect(NDArray x, int axis, NDArray ids) {
    return call("index_select", x, axis, ids);
  }

  /** x with the slices at ids replaced by those of source. */
  public NDArray indexCopy(NDArray x, int axis, NDArray ids, NDArray source) {
    return call("index_copy", x, axis, ids, source);
  }

  /** x with the slices of source added at ids. */
  public NDArray indexAdd(NDArray x, int axis, NDArray ids, NDArray source) {
    return call("index_add", x, axis, ids, source);
  }

  public NDArray scatterAdd(NDArray x, int axis, NDArray ids, NDArray source) {
    return call("scatter_add", x, axis, ids, source);
  }

  /** {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis (arXiv 1910.07467). */
  public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
    return call("rms_norm", x, weight, eps);
  }

  /** Over the last axis (arXiv 1607.06450). */
  public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double eps) {
    return call("layer_norm", x, weight, bias, eps);
  }

  /** {@code softmax(q k^T / sqrt(d)) v}; q, k, v {@code [batch][head][token][d]}. */
  public NDArray attention(NDArray q, NDArray k, NDArray v) {
    return call("sdpa", q, k, v, false);
  }

  /** {@link #attention} where token i sees tokens up to i. */
  public NDArray causalAttention(NDArray q, NDArray k, NDArray v) {
    return call("sdpa", q, k, v, true);
  }

  /** {@link #attention} with a mask: boolean (true is seen) or added to the scores. */
  public NDArray maskedAttention(NDArray q, NDArray k, NDArray v, NDArray mask) {
    return call("sdpa_masked", q, k, v, mask);
  }

  /** {@link #causalAttention} with fewer key heads, each shared by consecutive query heads. */
  public NDArray causalGroupedAttention(NDArray q, NDArray k, NDArray v) {
    return call("sdpa_gqa", q, k, v, true);
  }

  /** Rotary position: the halves of the last axis are the pairs; cos and sin span all of it. */
  public NDArray rotateHalves(NDArray x, NDArray cos, NDArray sin) {
    return call("rope", x, cos, sin);
  }

  // Gradients.

  /** The same values, cut off from what they were computed from. */
  public NDArray detach(NDArray x) {
    return call("detach", x);
  }

  /** Marks a leaf, so that gradients with respect to it can be asked for. */
  public static NDArray requireGradient(NDArray leaf) {
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** Whether the values depend on a leaf whose gradient can be asked for. */
  public boolean isRecorded(NDArray x) {
    return module.integer("recorded", x) != 0;
  }

  /**
   * Derivatives of {@code sum(outputs * seeds)} with respect to each input, zeros for an input
   * without influence. Leaves no state behind and frees the recorded graph.
   */
  public List<NDArray> gradients(List<NDArray> outputs, List<NDArray> seeds, List<NDArray> inputs) {
    return callForList("grad", outputs, inputs, seeds, false);
  }

  /** {@link #gradients}, with a tensor of no values for an input without influence. */
  public List<NDArray> influences(
      List<NDArray> outputs, List<NDArray> seeds, List<NDArray> inputs) {
    return callForList("grad_used", outputs, inputs, seeds);
  }

  /** Whether products of bfloat16 run on instructions of their own. */
  public boolean multipliesBfloat16() {
    return module.integer("multiplies_bfloat16") != 0;
  }

  /** Adds the derivatives of a scalar to the gradients its leaves hold. */
  public void backward(NDArray scalar) {
    module.call("backward", scalar);
  }
}
