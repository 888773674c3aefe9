package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdaptedModules;
import io.medvol.model.lora.ModuleName;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.weights.FloatCodec;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds a low-rank adapter to the weights of its model: {@code W + scale * B A}, computed in float32
 * and rounded to the type of W, F32, BF16, F16 or F64. Streams, holding one row of W and the
 * adapter in memory.
 */
public final class AdapterMerge {
  private final WeightFiles base;
  private final SavedAdapter adapter;

  private AdapterMerge(WeightFiles base, SavedAdapter adapter) {
    this.base = base;
    this.adapter = adapter;
  }

  /**
   * Writes every tensor of the model as one safetensors file, by the names its family was published
   * with; does not close the stream.
   *
   * @throws MedVolException INVALID_INPUT if the adapter does not fit the model or lacks a tensor
   */
  public static void write(ModelDirectory model, SavedAdapter adapter, OutputStream out)
      throws IOException {
    try (WeightFiles base = ModelWeights.open(model)) {
      SafetensorsWriter.write(new AdapterMerge(base, adapter).tensors(), out);
    }
  }

  /**
   * Holds that an adapter can be merged into a model, before anything is written.
   *
   * @throws MedVolException INVALID_INPUT if it does not fit the model or lacks a tensor
   */
  public static void requireFits(ModelDirectory model, SavedAdapter adapter) {
    try (WeightFiles base = ModelWeights.open(model)) {
      new AdapterMerge(base, adapter).tensors();
    }
  }

  private List<Tensor> tensors() {
    AdaptedModules targets = AdaptedModules.of(adapter.config().targets(), HubNames.modules(base));
    List<Tensor> tensors = new ArrayList<>();
    for (String name : base.names()) {
      ModuleName module = HubNames.module(HubNames.moduleOf(name));
      boolean adapted = name.endsWith(".weight") && targets.contains(module.current());
      tensors.add(adapted ? merged(base.entry(name), module) : base.tensor(name));
    }
    adapter.requireOnly(targets.names());
    return tensors;
  }

  private Tensor merged(TensorEntry entry, ModuleName module) {
    if (!FloatCodec.isReal(entry.type())) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + entry.name()
              + " has the type "
              + entry.type()
              + ": an adapter is merged into F32, BF16, F16 or F64");
    }
    int out = Math.toIntExact(entry.shape().get(0));
    int in = Math.toIntExact(entry.shape().get(1));
    float[] down = adapter.down(module, in);
    float[] up = adapter.up(module, out);
    return new Tensor(
        entry.name(),
        entry.type(),
        entry.shape(),
        stream -> {
          Row row = new Row(entry, in);
          for (int o = 0; o < out; o++) {
            base.read(entry.name(), (long) o * row.bytes.capacity(), row.bytes.clear());
            row.add(down, up, o);
            stream.write(row.bytes.array());
          }
        });
  }

  /** One row of a weight, in the bytes of its file. */
  private final class Row {
    private final TensorEntry weight;
    private final ByteBuffer bytes;
    private final float[] sums;

    Row(TensorEntry weight, int in) {
      this.weight = weight;
      this.bytes = ByteBuffer.allocate(in * weight.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
      this.sums = new float[in];
    }

    void add(float[] down, float[] up, int o) {
      int rank = adapter.config().rank();
      float scale = (float) adapter.config().scale();
      for (int i = 0; i < sums.length; i++) {
        sums[i] = 0;
      }
      for (int r = 0; r < rank; r++) {
        float factor = up[o * rank + r];
        int from = r * sums.length;
        for (int i = 0; i < sums.length; i++) {
          sums[i] += factor * down[from + i];
        }
      }
      for (int i = 0; i < sums.length; i++) {
        float before = FloatCodec.get(bytes, i, weight.type());
        FloatCodec.put(bytes, i, weight.type(), before + scale * sums[i]);
        if (Float.isFinite(before) && !Float.isFinite(FloatCodec.get(bytes, i, weight.type()))) {
          throw new MedVolException(
              ErrorCode.INVALID_INPUT,
              "Weight "
                  + weight.name()
                  + " with the adapter has the value "
                  + (before + scale * sums[i])
                  + ", which "
                  + weight.type()
                  + " cannot hold: save the base model in BF16 or F32");
        }
      }
    }
  }
}
