package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Adds a low-rank adapter to the weights of its model: {@code W + scale * B A}, computed in float32
 * and rounded to the type of W. Streams, holding one row of W and the adapter in memory.
 */
public final class AdapterMerge {
  private static final String WEIGHT = ".weight";

  private final WeightFiles base;
  private final SavedAdapter adapter;
  private final HubNames names;

  private AdapterMerge(WeightFiles base, SavedAdapter adapter, HubNames names) {
    this.base = base;
    this.adapter = adapter;
    this.names = names;
  }

  /**
   * Writes every tensor of the model as one safetensors file; does not close the stream.
   *
   * @throws MedVolException INVALID_INPUT if the adapter does not fit the model
   */
  public static void write(ModelDirectory model, SavedAdapter adapter, OutputStream out)
      throws IOException {
    HubNames names =
        QwenConfigReader.read(model.config(), model.root().resolve("config.json").toString())
            .names();
    try (WeightFiles base = WeightFiles.open(model.weightFiles())) {
      SafetensorsWriter.write(new AdapterMerge(base, adapter, names).tensors(), out);
    }
  }

  private List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    Set<String> merged = new HashSet<>();
    for (String name : base.names()) {
      TensorEntry entry = base.entry(name);
      String hubName = name.endsWith(WEIGHT) ? name.substring(0, name.length() - 7) : name;
      String module = names.module(hubName);
      if (entry.shape().size() == 2 && adapter.adapts(module, hubName)) {
        merged.add(module);
        tensors.add(merged(entry, module, hubName));
      } else {
        tensors.add(base.tensor(name));
      }
    }
    adapter.requireOnly(merged);
    return tensors;
  }

  private Tensor merged(TensorEntry entry, String module, String hubName) {
    if (entry.type() != DType.F32 && entry.type() != DType.BF16) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + entry.name()
              + " has the type "
              + entry.type()
              + ": an adapter is merged into F32 or BF16");
    }
    int out = Math.toIntExact(entry.shape().get(0));
    int in = Math.toIntExact(entry.shape().get(1));
    float[] down = adapter.down(module, hubName, in);
    float[] up = adapter.up(module, hubName, out);
    return new Tensor(
        entry.name(),
        entry.type(),
        entry.shape(),
        stream -> {
          Row row = new Row(entry.type(), in);
          for (int o = 0; o < out; o++) {
            base.read(entry.name(), (long) o * row.bytes.capacity(), row.bytes.clear());
            row.add(down, up, o);
            stream.write(row.bytes.array());
          }
        });
  }

  /** One row of a weight, in the bytes of its file. */
  private final class Row {
    private final DType type;
    private final ByteBuffer bytes;
    private final float[] sums;

    Row(DType type, int in) {
      this.type = type;
      this.bytes = ByteBuffer.allocate(in * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
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
        if (type == DType.F32) {
          bytes.putFloat(4 * i, bytes.getFloat(4 * i) + scale * sums[i]);
        } else {
          float weight = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
          bytes.putShort(2 * i, bf16(weight + scale * sums[i]));
        }
      }
    }
  }

  /** The nearest bfloat16, the even one of two that are as near. */
  private static short bf16(float value) {
    int bits = Float.floatToIntBits(value);
    return Float.isNaN(value)
        ? (short) 0x7FC0
        : (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
