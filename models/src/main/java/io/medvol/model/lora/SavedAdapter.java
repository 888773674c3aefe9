package io.medvol.model.lora;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An adapter in a folder as peft saves it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. Modules may have the names of transformers since 4.52 or, as older
 * adapters do, those of the model's files. {@link #close} closes the files.
 */
public final class SavedAdapter implements AdapterSource, AutoCloseable {
  public static final String CONFIG_FILE = "adapter_config.json";
  public static final String WEIGHT_FILE = "adapter_model.safetensors";

  private final Path folder;
  private final LoraConfig config;
  private final WeightFiles files;
  private final Set<String> used = new HashSet<>();

  private SavedAdapter(Path folder, LoraConfig config, WeightFiles files) {
    this.folder = folder;
    this.config = config;
    this.files = files;
  }

  /**
   * Opens an adapter.
   *
   * @throws MedVolException INVALID_INPUT if a file is missing or asks for what is not supported,
   *     MALFORMED_DATA if the weights cannot be read
   */
  public static SavedAdapter open(Path folder) {
    LoraConfig config = AdapterConfigFile.read(folder.resolve(CONFIG_FILE));
    return new SavedAdapter(folder, config, WeightFiles.open(List.of(folder.resolve(WEIGHT_FILE))));
  }

  @Override
  public LoraConfig config() {
    return config;
  }

  /** Whether the adapter has a part for a module; names as in {@link #down}. */
  public boolean adapts(String module, String hubName) {
    return files.has(AdapterNames.down(module)) || files.has(AdapterNames.down(hubName));
  }

  @Override
  public float[] down(String module, String hubName, int in) {
    return values(
        AdapterNames.down(module), AdapterNames.down(hubName), (long) config.rank(), (long) in);
  }

  @Override
  public float[] up(String module, String hubName, int out) {
    return values(
        AdapterNames.up(module), AdapterNames.up(hubName), (long) out, (long) config.rank());
  }

  private float[] values(String name, String olderName, Long... shape) {
    String found = files.has(name) || !files.has(olderName) ? name : olderName;
    if (!files.has(found)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The adapter " + folder + " lacks the tensor " + found + " of a module it targets");
    }
    TensorEntry entry = files.entry(found);
    if (!entry.shape().equals(List.of(shape))) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + found
              + " of the adapter "
              + folder
              + " has the shape "
              + entry.shape()
              + ": expected "
              + List.of(shape)
              + " for this model and its r of "
              + config.rank());
    }
    used.add(found);
    return floats(entry);
  }

  private float[] floats(TensorEntry entry) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(entry.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    files.read(entry.name(), 0, bytes);
    bytes.flip();
    float[] values = new float[Math.toIntExact(entry.size())];
    if (entry.type() == DType.F32) {
      bytes.asFloatBuffer().get(values);
    } else if (entry.type() == DType.BF16) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
      }
    } else {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + entry.name()
              + " of the adapter "
              + folder
              + " has the type "
              + entry.type()
              + ": expected F32 or BF16");
    }
    return values;
  }

  @Override
  public void requireOnly(Set<String> modules) {
    Set<String> others = new HashSet<>(files.names());
    others.removeAll(used);
    if (!others.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The adapter "
              + folder
              + " has tensors of no module that target_modules names in this model, such as "
              + others.stream().sorted().findFirst().orElseThrow());
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
