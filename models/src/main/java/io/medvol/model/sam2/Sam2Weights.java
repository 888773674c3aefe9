package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.pickle.CheckpointTensors;
import io.medvol.model.pickle.TorchCheckpoint;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.SafetensorsFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The weights of one model as float32, by their official names; they belong to a scope. */
final class Sam2Weights {
  private static final int PROBLEMS_SHOWN = 4;

  /** Weights that are no more than added, or used once for a prompt or a score. */
  private static final List<String> ALWAYS_FLOAT32 =
      List.of(
          "image_encoder.trunk.pos_embed",
          "sam_prompt_encoder.",
          "sam_mask_decoder.iou_prediction_head.",
          "sam_mask_decoder.pred_obj_score_head.",
          "maskmem_tpos_enc",
          "mask_downsample.",
          "obj_ptr_",
          "no_obj_");

  private final Map<String, NDArray> tensors;
  private final DType type;

  /** All of them float32. */
  Sam2Weights(Map<String, NDArray> tensors) {
    this(tensors, DType.F32);
  }

  private Sam2Weights(Map<String, NDArray> tensors, DType type) {
    this.tensors = tensors;
    this.type = type;
  }

  /** What the layers compute in. */
  DType type() {
    return type;
  }

  /**
   * Reads a {@code .pt} checkpoint or a safetensors file and checks names and shapes.
   *
   * @param numbers how the weights of layers are rounded and held
   * @throws MedVolException INVALID_INPUT if it holds another model
   */
  static Sam2Weights load(
      Sam2Config config, Path file, Sam2Numbers numbers, TorchRuntime runtime, TensorScope scope) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    try (TensorScope passing = runtime.storage()) {
      Map<String, NDArray> found =
          file.toString().endsWith(".safetensors")
              ? safetensors(file, passing)
              : checkpoint(file, runtime, passing);
      requireLayout(Sam2Layout.of(config), found, file);
      requireFinite(found, file, passing.ops());
      found.forEach(
          (name, tensor) -> tensors.put(name, held(name, tensor, numbers, passing, scope)));
    }
    return new Sam2Weights(tensors, numbers.type());
  }

  /**
   * A weight that is no number spreads to every mask, which then are empty without a word.
   *
   * @throws MedVolException MALFORMED_DATA naming the first such weight
   */
  private static void requireFinite(Map<String, NDArray> tensors, Path file, Ops ops) {
    tensors.forEach(
        (name, tensor) -> {
          NDArray flat = ops.reshape(tensor, -1);
          float most = Tensors.floats(ops.cast(ops.max(flat, 0), DType.F32))[0];
          NDArray negative = ops.max(ops.affine(flat, -1, 0), 0);
          float least = Tensors.floats(ops.cast(negative, DType.F32))[0];
          if (!Float.isFinite(most) || !Float.isFinite(least)) {
            throw new MedVolException(
                ErrorCode.MALFORMED_DATA,
                "The weights in "
                    + file
                    + " are damaged: "
                    + name
                    + " holds a value that is no finite number; fetch the file again");
          }
        });
  }

  /** Names and values, in the order of the names. */
  void addTo(MessageDigest digest) {
    new TreeMap<>(tensors)
        .forEach(
            (name, tensor) -> {
              digest.update(name.getBytes(StandardCharsets.UTF_8));
              digest.update(Tensors.bytes(tensor));
            });
  }

  private static NDArray held(
      String name, NDArray tensor, Sam2Numbers numbers, TensorScope passing, TensorScope scope) {
    boolean exact = ALWAYS_FLOAT32.stream().anyMatch(name::startsWith);
    NDArray rounded = exact || !numbers.rounded() ? tensor : passing.ops().cast(tensor, DType.BF16);
    DType type = exact ? DType.F32 : numbers.type();
    return passing.ops().typeOf(rounded) == type
        ? scope.keep(rounded)
        : scope.ops().cast(rounded, type);
  }

  private static Map<String, NDArray> checkpoint(
      Path file, TorchRuntime runtime, TensorScope scope) {
    try (TorchCheckpoint checkpoint = TorchCheckpoint.open(file)) {
      return CheckpointTensors.load(checkpoint, runtime, scope);
    }
  }

  private static Map<String, NDArray> safetensors(Path file, TensorScope scope) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      weights
          .entries()
          .forEach(
              (name, entry) -> {
                long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
                NDArray tensor = scope.ops().empty(entry.type(), shape);
                weights.read(entry, 0, Tensors.bytes(tensor));
                tensors.put(name, tensor);
              });
    }
    return tensors;
  }

  private static void requireLayout(
      Map<String, List<Long>> layout, Map<String, NDArray> found, Path file) {
    List<String> problems = new ArrayList<>();
    layout.forEach(
        (name, shape) -> {
          NDArray tensor = found.get(name);
          if (tensor == null) {
            problems.add(name + " is missing");
          } else if (!shape.equals(shape(tensor))) {
            problems.add(name + " has shape " + shape(tensor) + ", not " + shape);
          }
        });
    found.keySet().stream()
        .filter(name -> !layout.containsKey(name))
        .forEach(name -> problems.add(name + " is unknown"));
    if (!problems.isEmpty()) {
      int shown = Math.min(PROBLEMS_SHOWN, problems.size());
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The weights in "
              + file
              + " do not fit the model configuration ("
              + problems.size()
              + " differences): "
              + String.join("; ", problems.subList(0, shown)));
    }
  }

  private static List<Long> shape(NDArray tensor) {
    List<Long> shape = new ArrayList<>();
    for (long size : tensor.getShape().getShape()) {
      shape.add(size);
    }
    return shape;
  }

  NDArray get(String name) {
    NDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("The model has no weight " + name);
    }
    return tensor;
  }

  /** Weight and bias of each part, in order. */
  List<NDArray> pairs(String prefix, String... parts) {
    List<NDArray> pairs = new ArrayList<>();
    for (String part : parts) {
      pairs.add(get(prefix + part + ".weight"));
      pairs.add(get(prefix + part + ".bias"));
    }
    return pairs;
  }

  /** Weights and biases of the four projections of an attention: query, key, value, output. */
  List<NDArray> attention(String prefix) {
    return pairs(prefix, ".q_proj", ".k_proj", ".v_proj", ".out_proj");
  }
}
